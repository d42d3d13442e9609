import type { DataFrame, Series } from "nodejs-polars";
import type { KeyTable } from "../../core/key-table.ts";
import type { FrameColumns } from "../frame-columns.ts";
import { exactColumn, polars } from "../polars.ts";
import type { Segment, Staging } from "./staging.ts";

/**
 * Builds a Polars frame of the first `length` staged rows. Takes about 300 ns per cell.
 *
 * @param keys Table of the staged key codes.
 */
export function buildFrame(
  staging: Staging,
  length: number,
  columns: FrameColumns,
  keys: KeyTable,
): DataFrame {
  const pl = polars();
  const { timestamp, key, numeric, labels, text, constants } = columns;
  const numberNames = [...numeric, ...labels];
  const keyCodes = staging.keys.subarray(0, length);
  const raw = pl.DataFrame([
    pl.Series(timestamp, staging.timestamps.subarray(0, length)),
    pl.Series(
      key,
      Array.from(keyCodes, (code) => keys.name(code)),
      pl.Utf8,
    ),
    ...staging.numbers.map((values, i) =>
      pl.Series(numberNames[i] as string, values.subarray(0, length)),
    ),
    ...staging.texts.map((codes, i) =>
      pl.Series(text[i] as string, decode(codes, i, staging.segments, length), pl.Utf8),
    ),
    ...constants.map(([name, value]) =>
      pl.Series(
        name,
        Array.from({ length }, () => value),
        pl.Utf8,
      ),
    ),
  ] as Series[]);
  return raw.select(
    exactColumn(timestamp).cast(pl.Datetime("ms")),
    exactColumn(key),
    ...numberNames.map((name) => exactColumn(name).fillNan(null)),
    ...text.map((name) => exactColumn(name)),
    ...constants.map(([name]) => exactColumn(name)),
  );
}

function decode(
  codes: Uint32Array,
  column: number,
  segments: readonly Segment[],
  length: number,
): (string | null)[] {
  const texts = new Array<string | null>(length);
  for (const [s, segment] of segments.entries()) {
    const values = segment.dictionaries[column] as readonly string[];
    const end = segments[s + 1]?.from ?? length;
    for (let row = segment.from; row < end; row++)
      texts[row] = values[codes[row] as number] || null;
  }
  return texts;
}
