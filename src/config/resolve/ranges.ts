import type { Layout } from "../../core/layout.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import { missingSetting } from "../../io/decoders/cells/cell-plan.ts";
import { codesToCome } from "../../io/decoders/cells/find-sentinels.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import { decodeOptions, recordingSource } from "../sources.ts";
import { noNumericColumn } from "./features.ts";
import type { Findings } from "./findings.ts";

/** The plausible ranges that `buffer.columns` sets, and the numbers that stand for no value in the input. */
export function resolveRanges(
  config: PipelineConfig,
  profile: InputProfile,
  layout: Layout,
  findings: Findings,
): readonly PlausibleRange[] {
  const { columns = {} } = config.buffer;
  for (const name of Object.keys(columns)) {
    if (layout.numeric.includes(name)) continue;
    const [message, hint] = noNumericColumn(name, layout);
    findings.fault(["buffer", "columns", name], message, hint, "key");
  }
  const { cells = {} } = decodeOptions(recordingSource(config)?.source);
  return layout.numeric.flatMap((name, column) => {
    const {
      unit = "",
      min = Number.NEGATIVE_INFINITY,
      max = Number.POSITIVE_INFINITY,
    } = Object.hasOwn(columns, name) ? (columns[name] ?? {}) : {};
    const set = missingSetting(name, cells)?.filter((value) => typeof value === "number");
    const codes = codesOf(name, profile, set).filter((code) => code >= min && code <= max);
    const isUnlimited = min === Number.NEGATIVE_INFINITY && max === Number.POSITIVE_INFINITY;
    if (isUnlimited && codes.length === 0) return [];
    return [{ name, column, min, max, unit, ...(codes.length === 0 ? {} : { codes }) }];
  });
}

/**
 * Numbers that stand for no value in a column, in ascending order.
 *
 * @param set Those of the settings, which the sample may not have been read with; undefined: none are set.
 */
function codesOf(
  name: string,
  { columns }: InputProfile,
  set: readonly number[] | undefined,
): readonly number[] {
  const profile = columns.find((candidate) => candidate.name === name);
  if (profile === undefined) return [];
  const found = (profile.sentinels ?? []).map(({ value }) => value);
  const codes = new Set([...found, ...(set ?? codesToCome(profile))]);
  return [...codes].sort((a, b) => a - b);
}
