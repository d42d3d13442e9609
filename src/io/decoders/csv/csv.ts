import { IotmonError } from "../../../core/errors.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { Decoder } from "../decoder.ts";
import type { LineFormat } from "../lines/line-format.ts";
import { weighKinds } from "../lines/recency.ts";
import { hasReplacement } from "../lines/replaced-text.ts";
import { cleanCell } from "../rows/cell.ts";
import { decodeCsv } from "./decode.ts";
import { type CsvLineProfile, CsvLineReader } from "./lines/line-reader.ts";
import { cellsOf, type LineShape, lineShape } from "./lines/line-shape.ts";
import { withNewHeader } from "./lines/new-header.ts";
import { type CsvProfile, profileCsv } from "./profile.ts";
import { isHeader, isMessage } from "./sniff/header.ts";

/** Matches the name of a column; an empty name is allowed. */
const NAME = /^(?:[^\s:=!?\ufffd][^:=!?\ufffd]{0,59}(?<!\.))?$/u;

/** CSV from live sources; a quoted cell ends on its line. */
const lines: LineFormat<CsvLineProfile> = {
  name: "csv",
  kindOf(line) {
    const shape = lineShape(line);
    return shape === null ? null : kindOf(shape);
  },
  profile: profileLines,
  rehead: withNewHeader,
  reader: (profile, context) => new CsvLineReader(profile, context),
};

/** Comma-separated values, also with other delimiters. */
export const csv = {
  name: "csv",
  summary: "cells between delimiters, with or without a header",
  inputs: "files, pipes",
  lines,
  profile: profileCsv,
  decode: decodeCsv,
} as const satisfies Decoder<CsvProfile>;

function profileLines(
  texts: readonly string[],
  input: string,
  options: DecodeOptions,
  arrivalMs: number | null = null,
): CsvLineProfile | null {
  const records = likeMost(texts);
  if (records.length === 0) return null;
  const replaced = records.filter(hasReplacement).length * 2 > records.length;
  try {
    const profile = profileCsv(
      Buffer.from(`${records.join("\n")}\n`),
      true,
      input,
      options,
      arrivalMs,
    );
    return { ...profile, replaced };
  } catch (error) {
    if (error instanceof IotmonError && error.code === "ERR_DATA") return null;
    throw error;
  }
}

/** The lines with the shape of most readings, after their header if there is one. */
function likeMost(texts: readonly string[]): readonly string[] {
  const shapes = texts.map(lineShape);
  const kinds = shapes.map((shape) => (shape === null ? null : kindOf(shape)));
  const weights = [...weighKinds(kinds)];
  const most = Math.max(...weights.map(([, weight]) => weight));
  const [best] = weights.find(([, weight]) => weight === most) ?? [];
  const shape = shapes[kinds.indexOf(best ?? null)];
  if (best === undefined || shape === undefined || shape === null) return [];
  const firstReading = texts.findIndex(
    (line, i) => kinds[i] === best && !isMessage(cellsOf(line, shape.delimiter).map(cleanCell)),
  );
  const header = texts.findLast(
    (line, i) =>
      kinds[i] === null &&
      kinds.slice(i + 1).find((kind) => kind !== null) === best &&
      // below a reading, a single line is a message; a device that starts again repeats its header
      (i < firstReading || texts.indexOf(line) !== texts.lastIndexOf(line)) &&
      isHeaderOf(line, shape, i),
  );
  const readings = texts.filter((_, i) => kinds[i] === best);
  return header === undefined ? readings : [header, ...readings];
}

/** Whether a line has a name for each cell. A single word counts only on the first line. */
function isHeaderOf(line: string, { delimiter, cells }: LineShape, index: number): boolean {
  const names = cellsOf(line, delimiter).map(cleanCell);
  if (names.length === cells + 1 && names.at(-1) === "") names.pop();
  if (names.length !== cells || (cells === 1 && index > 0)) return false;
  return (
    names.every((name) => NAME.test(name)) &&
    names.some((name) => name !== "") &&
    isHeader(names, [])
  );
}

function kindOf({ delimiter, cells }: LineShape): string {
  return `${cells} cells, ${delimiter}`;
}
