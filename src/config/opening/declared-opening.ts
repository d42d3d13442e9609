import type { InputProfile, Remark } from "../../io/decoders/input-profile.ts";
import { quoted } from "../../io/messages/printable.ts";
import type { ResolvedPipeline } from "../resolve.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import { recordingSource } from "../sources.ts";
import { openingLines } from "./opening-lines.ts";
import { openingRemarks } from "./opening-remarks.ts";

/**
 * The opening lines of a pipeline whose rows clients send: how it reads them, as its document says, because no row is
 * there yet.
 *
 * @param profile As `declaredProfile` gives it.
 */
export function declaredOpening(
  config: PipelineConfig,
  profile: InputProfile,
  { layout, plan }: Pick<ResolvedPipeline, "layout" | "plan">,
): readonly string[] {
  const { pivot, time } = recordingSource(config)?.source ?? {};
  const { timestamp } = layout;
  const column = timestamp?.columns[0];
  const format = time?.written.format ?? null;
  const names = (timestamp?.columns ?? []).map(quoted).join(" and ");
  const remarks: readonly Remark[] = [
    ...(timestamp === null
      ? []
      : [
          { topic: "time", column, text: format === null ? names : `${names}, ${format}` } as const,
        ]),
    ...(pivot === undefined || pivot === false
      ? []
      : [
          {
            topic: "format",
            text: `a row for each quantity, named by ${list(pivot.name)}`,
          } as const,
        ]),
    ...profile.columns.flatMap(({ name, sentinels = [] }) =>
      sentinels.map(({ value }): Remark => ({ topic: "missing", text: `${name} ${value}` })),
    ),
  ];
  // the sensors are not known yet
  const columns = profile.columns.map((declared) => ({ ...declared, distinct: 0 }));
  const opened = { profile: { ...profile, columns, remarks }, layout, plan, isLive: true };
  return openingLines("rows that clients send", openingRemarks(opened));
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(" and ");
}
