import type { Layout } from "../../../core/layout.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { ColumnProfile, InputProfile } from "../input-profile.ts";
import { type DetectedFormat, detectLineFormat } from "./detect-line-format.ts";

/** Share of the lines that must be readings in the new format. */
const MIN_SHARE = 0.8;
const MIN_LINES = 3;
/** Names that only tell the place of a column. */
const PLACE_NAME = /^(?:column|value)_\d+$/;

/** The format of lines that the present format rejects. */
export interface NewFormat extends DetectedFormat {
  /** Whether the following lines are read in it. */
  readonly isAdopted: boolean;
  /** A clause about it for people: `they look like jsonl, and are read as that from now on`. */
  readonly text: string;
}

/** What is known about the rejected lines. */
export interface RejectedInput {
  /** Without line breaks, in order. */
  readonly lines: readonly string[];
  /** The profile of the format that rejects them. */
  readonly present: InputProfile;
  /** What the user asks for: the name of a format, or `auto`. */
  readonly wanted: string;
  readonly options: DecodeOptions;
  /** The columns that are read. */
  readonly layout: Layout;
  /** Name of the input. */
  readonly input: string;
  /** When the last line arrived, ms since the epoch; null: a recording, in which a reading needs a time of its own. */
  readonly arrivalMs: number | null;
}

/**
 * Detects the format of rejected lines. It is adopted if the user names none, and the lines have the columns that are
 * read: at least a number, the sensor, and in a recording the time. Columns without names must have similar values.
 *
 * @returns Null: no known format reads them.
 */
export function findNewFormat(rejected: RejectedInput): NewFormat | null {
  const { lines, present, wanted, options, layout, input, arrivalMs } = rejected;
  if (lines.length < MIN_LINES) return null;
  const found = detectLineFormat(lines, input, {
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
    format.name === present.format &&
    names.join("\n") === present.columns.map(({ name }) => name).join("\n");
  if (isSame) return null;
  const looks = `they look like ${format.name} with ${names.join(", ")}`;
  const obstacle =
    wanted === "auto"
      ? obstacleTo(profile, rejected, layout)
      : `the format is set to ${wanted}: change it, or remove it`;
  return obstacle === null
    ? { ...found, isAdopted: true, text: `${looks}, and are read as that from now on` }
    : { ...found, isAdopted: false, text: `${looks}, but ${obstacle}` };
}

/** Why the lines can't be read with the columns of the layout; null: they can. */
function obstacleTo(
  { columns }: InputProfile,
  { present, arrivalMs }: RejectedInput,
  { numeric, key, timestamp }: Layout,
): string | null {
  const here = new Map(columns.map((column) => [column.name, column]));
  if (!numeric.some((name) => here.has(name))) {
    return `the pipeline reads ${numeric.join(", ")}: change its columns, or rename these`;
  }
  const times = arrivalMs === null ? (timestamp?.columns ?? []) : [];
  const absent = present.columns
    .map(({ name }) => name)
    .find((name) => (name === key || times.includes(name)) && !here.has(name));
  if (absent !== undefined) return `have no column "${absent}"`;
  const moved = present.columns.find(
    (column) =>
      PLACE_NAME.test(column.name) &&
      numeric.includes(column.name) &&
      !areSimilar(column, here.get(column.name)),
  );
  return moved === undefined ? null : `have other values in ${moved.name}`;
}

/** Whether the ranges of two columns are near each other; true without numbers to compare. */
function areSimilar(one: ColumnProfile, other: ColumnProfile | undefined): boolean {
  if (other === undefined || other.numbers === 0 || one.numbers === 0) return true;
  const width = Math.max(one.max - one.min, other.max - other.min, Math.abs(one.max) * 0.1);
  return other.min <= one.max + width && other.max >= one.min - width;
}
