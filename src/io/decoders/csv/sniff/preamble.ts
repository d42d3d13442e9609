import { isUnit } from "../../keyvalue/measure.ts";
import { cleanCell } from "../../rows/cell.ts";
import { repeatsHeader } from "../../rows/row-reader.ts";
import { isAnnotation } from "../annotation.ts";
import { cellsOf } from "../lines/line-shape.ts";
import { isHeader, isValue } from "./header.ts";

/** Lines before the first reading. */
export interface Preamble {
  /** Number of lines before the first reading, with the header. */
  readonly lines: number;
  /** Cells of the header; null: none. */
  readonly header: readonly string[] | null;
  /** Units below the header, one per cell; null: none. */
  readonly units: readonly string[] | null;
}

const COMMENT = /^\s*(?:#|%|\/\/)/;
/** What LabVIEW writes below each part of its head. */
const END_OF_HEADER = /^\*{3}End_of_Header\*{3}\s*$/;
/** Readings in a row that begin the table. */
const RUN = 3;
const NAMED_UNIT =
  /^(?:volts?|deg ?c|degrees|celsius|percent|seconds?|ts|rn|unitless|-|[([].{0,20}[\])])$/i;

/**
 * Finds what a logger writes above its table: title lines, settings, comments, a row of units, a second row of names.
 * Null for a plain header, and if nothing like a table follows.
 *
 * @param lines The first lines, also blank ones.
 * @param cells Cells of a reading.
 */
export function findPreamble(
  lines: readonly string[],
  delimiter: number,
  cells: number,
): Preamble | null {
  const annotated = belowAnnotations(lines, delimiter);
  if (annotated !== null) return annotated;
  const records = lines.map((line) => (line.trim() === "" ? null : cellsOf(line, delimiter)));
  const isReading = (record: readonly string[] | null): boolean =>
    record !== null && fits(record, cells) && isMostlyValues(record);
  const all = records.flatMap((record, i) => (record === null ? [] : [i]));
  // its settings have the form of readings
  const marker = lines.findLastIndex((line) => END_OF_HEADER.test(line));
  const written = all.filter((at) => at > marker);
  const start = written.findIndex((_, i) => {
    const run = written.slice(i, i + RUN);
    return run.length > 1 && run.every((at) => isReading(records[at] ?? null));
  });
  if (start < (marker < 0 ? 2 : 1)) return null;
  const above = written.slice(0, start).map((at) => records[at] ?? []);
  if (marker >= 0) {
    const names = (above.at(-1) ?? []).slice(0, cells);
    return { lines: written[start] as number, header: names, units: null };
  }
  const [first = [], second = []] = above;
  const isPlain = fits(first, cells) && (isHeader(first, []) || isMostlyValues(first));
  const isTwofold = above.length === 2 && isHeader(second, []) && !repeatsHeader(second, first);
  if (isPlain && !(isTwofold && fits(second, cells))) return null;
  const named = namesAbove(above, cells);
  const isComment = above.every(([cell = ""]) => COMMENT.test(cell));
  // without a header right above, a broken reading may be among these lines
  if (named.header === null && !isComment) return null;
  return { lines: written[start] as number, ...named };
}

/** The header below the annotations of InfluxDB; null: the input does not begin with them. */
function belowAnnotations(lines: readonly string[], delimiter: number): Preamble | null {
  const first = lines.findIndex((line) => line.trim() !== "");
  if (!isAnnotation(lines[first] ?? "")) return null;
  const at = lines.findIndex((line, i) => i > first && !isAnnotation(line));
  if (at < 0) return null;
  return { lines: at + 1, header: cellsOf(lines[at] ?? "", delimiter), units: null };
}

/** The header and the units in the lines above the first reading. */
function namesAbove(
  above: readonly (readonly string[])[],
  cells: number,
): Pick<Preamble, "header" | "units"> {
  const fitting = (record: readonly string[] | undefined): record is readonly string[] =>
    record !== undefined && fits(record, cells) && isHeader(record, []);
  if (above[0]?.[0]?.trim() === "TOA5") {
    const [, header, units] = above;
    return { header: header?.slice(0, cells) ?? null, units: units?.slice(0, cells) ?? null };
  }
  const last = above.at(-1);
  const second = above.at(-2);
  if (!fitting(last)) return { header: null, units: null };
  const names = last.slice(0, cells).map(withoutComment);
  if (!fitting(second)) return { header: names, units: null };
  const upper = second.slice(0, cells).map(withoutComment);
  if (isUnitsRow(names)) return { header: upper, units: names };
  const isRepeated = new Set(names).size < names.length;
  const both = names.map((name, i) => `${upper[i] ?? ""} ${name}`.trim());
  return { header: isRepeated && new Set(both).size === both.length ? both : names, units: null };
}

function isUnitsRow(cells: readonly string[]): boolean {
  // the lines are read as Latin-1, which a degree sign may not be
  const texts = cells.map((cell) => cleanCell(Buffer.from(cell, "latin1").toString()));
  const written = texts.filter((cell) => cell !== "");
  return written.length > 0 && written.every((cell) => isUnit(cell) || NAMED_UNIT.test(cell));
}

function withoutComment(name: string, i: number): string {
  return i === 0 ? name.replace(COMMENT, "").trim() : name;
}

function fits(record: readonly string[], cells: number): boolean {
  return record.length === cells || (record.length === cells + 1 && record.at(-1)?.trim() === "");
}

function isMostlyValues(record: readonly string[]): boolean {
  const written = record.map(cleanCell).filter((cell) => cell !== "");
  return written.length > 0 && written.filter(isValue).length * 2 >= written.length;
}
