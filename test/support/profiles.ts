import type {
  ColumnProfile,
  ColumnRole,
  InputProfile,
} from "../../src/io/decoders/input-profile.ts";

/** A column of an input of 100 rows, as a decoder would describe it. */
export function column(
  name: string,
  role: ColumnRole,
  facts: Partial<ColumnProfile> = {},
): ColumnProfile {
  const numeric = role === "number" || role === "index";
  return {
    name,
    role,
    timestampFormat: role === "timestamp" ? "iso8601" : null,
    timeLook: role === "timestamp" ? "date" : null,
    distinct: role === "empty" ? 0 : 100,
    missing: role === "empty" ? 100 : 0,
    numbers: numeric ? 100 : 0,
    min: numeric ? 0.5 : Number.NaN,
    max: numeric ? 99.5 : Number.NaN,
    examples: numeric ? ["0.5", "1.5", "99.5"] : ["abc", "def"],
    ...facts,
  };
}

/** An input of 100 rows with these columns. */
export function profile(...columns: readonly ColumnProfile[]): InputProfile {
  return { format: "csv", columns, rowsSampled: 100, remarks: [] };
}
