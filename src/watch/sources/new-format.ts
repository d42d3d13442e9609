import type { Layout } from "../../core/layout.ts";
import { detectLineFormat } from "../../io/decoders/lines/detect-line-format.ts";
import type { SourceFormat } from "../../service/live-pipeline/source-states.ts";
import type { LineOptions } from "./first-lines.ts";

/** Share of the lines that must be readings in the new format. */
const MIN_SHARE = 0.8;
const MIN_LINES = 3;

/** The format of lines that the present format rejects. */
export interface NewFormat {
  readonly format: SourceFormat;
  /** Whether the following lines are read in it. */
  readonly isAdopted: boolean;
  /** A clause about it for people: `they look like jsonl, and are read as that from now on`. */
  readonly text: string;
}

/**
 * Detects the format of rejected lines. It is adopted if the user names none, and the lines have a numeric column
 * of the pipeline.
 *
 * @param lines Without line breaks, in order.
 * @param present The format that rejects them.
 * @param label Name of the source.
 * @param arrivalMs When the last of them arrived, ms.
 * @returns Null: no known format reads them.
 */
export function findNewFormat(
  lines: readonly string[],
  present: SourceFormat,
  { format: wanted, decode: options }: LineOptions,
  layout: Layout,
  label: string,
  arrivalMs: number,
): NewFormat | null {
  if (lines.length < MIN_LINES) return null;
  const found = detectLineFormat(lines, label, {
    ...options,
    format: "auto",
    final: true,
    arrivalMs,
  });
  if (found === null) return null;
  const { format, profile } = found;
  const readable = lines.filter((line) => format.kindOf(line) !== null).length;
  if (readable < MIN_SHARE * lines.length) return null;
  const names = profile.columns.map(({ name }) => name);
  const isSame =
    format.name === present.profile.format &&
    names.join("\n") === present.profile.columns.map(({ name }) => name).join("\n");
  if (isSame) return null;
  const next = { profile, options, wanted, path: present.path };
  const looks = `they look like ${format.name} with ${names.join(", ")}`;
  if (wanted !== "auto") {
    const text = `${looks}, but the format is set to ${wanted}: change it, or remove it`;
    return { format: next, isAdopted: false, text };
  }
  if (!names.some((name) => layout.numeric.includes(name))) {
    const text = `${looks}, but the pipeline reads ${layout.numeric.join(", ")}: change its columns, or rename these`;
    return { format: next, isAdopted: false, text };
  }
  return { format: next, isAdopted: true, text: `${looks}, and are read as that from now on` };
}
