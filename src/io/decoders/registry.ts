import { csv } from "./csv/csv.ts";
import type { Decoder, FileDecoder } from "./decoder.ts";
import { influx } from "./influx/influx.ts";
import { jsonl } from "./jsonl/jsonl.ts";
import { keyvalue } from "./keyvalue/keyvalue.ts";
import type { LineFormat } from "./lines/line-format.ts";
import { parquet } from "./parquet/parquet.ts";

/**
 * All formats of readings. A new format needs one file, and one line here. If a line fits several formats equally
 * well, the last one wins.
 */
export const decoders = [csv, jsonl, keyvalue, influx, parquet] as const;

/** Name of a format in `source.format` and `--input-format`. */
export type FormatName = (typeof decoders)[number]["name"];

/** Names of all formats. */
export const FORMAT_NAMES: readonly FormatName[] = decoders.map(({ name }) => name);

/** Formats of single lines, which live sources can use. */
export const lineFormats: readonly LineFormat[] = decoders.flatMap(
  ({ lines }: Decoder | FileDecoder) => lines ?? [],
);

/**
 * A format by its name.
 *
 * @throws {RangeError} If it does not exist.
 */
export function decoderOf(name: string): Decoder | FileDecoder {
  const found = decoders.find((decoder) => decoder.name === name);
  if (found === undefined) throw new RangeError(`There is no format "${name}"`);
  return found;
}

/**
 * A format of lines by its name.
 *
 * @throws {RangeError} If it does not exist.
 */
export function lineFormatOf(name: string): LineFormat {
  const found = lineFormats.find((format) => format.name === name);
  if (found === undefined) throw new RangeError(`There is no line format "${name}"`);
  return found;
}
