import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

/** A CSV file: one list of texts per column. */
export type TableFile = ReadonlyMap<string, readonly string[]>;

/** Reads a small CSV file whole. @throws {Error} If it has no header or can't be read. */
export function readTable(path: string, delimiter = ","): TableFile {
  const [header = [], ...rows] = parse(readFileSync(path), { delimiter });
  return new Map(header.map((name, k) => [name, rows.map((row) => row[k] ?? "")]));
}

/** A column of a file. @throws {Error} If the file has no such column. */
export function columnOf(table: TableFile, name: string, path: string): readonly string[] {
  const column = table.get(name);
  if (column === undefined) throw new Error(`${path} has no column "${name}"`);
  return column;
}

/** 1 for `1`, `1.0` and `TRUE`, else 0. */
export function asFlag(text: string): 0 | 1 {
  return Number(text) === 1 || text.toLowerCase() === "true" ? 1 : 0;
}
