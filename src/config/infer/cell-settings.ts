import type { Layout } from "../../core/layout.ts";
import { codesToCome } from "../../io/decoders/cells/find-sentinels.ts";
import type { ColumnProfile, InputProfile } from "../../io/decoders/input-profile.ts";
import { readSwitch, SWITCHES } from "../../io/decoders/rows/cell.ts";

/** How cells are read, as a pipeline file says it. */
export interface CellSettingsOfSource {
  readonly values?: Record<string, Record<string, number>>;
  readonly missing?: Record<string, number[]>;
  readonly decimal_mark?: "." | ",";
}

/**
 * `source.values`, `source.missing` and `source.decimal_mark` as the sample shows them; nothing for plain numbers. With
 * them, the input is read in the same way without a decision.
 */
export function cellSettings(
  { columns }: InputProfile,
  { numeric }: Layout,
  literal: (name: string) => string,
): CellSettingsOfSource {
  const own = columns.filter(({ name }) => numeric.includes(name));
  const values = own.flatMap((column) => {
    const words = wordsOf(column);
    return words === null ? [] : [[literal(column.name), words] as const];
  });
  const missing = own.flatMap((column) => {
    const codes = codesOf(column);
    return codes.length === 0 ? [] : [[literal(column.name), codes] as const];
  });
  const mark = markOf(own);
  return {
    ...(values.length === 0 ? {} : { values: Object.fromEntries(values) }),
    ...(missing.length === 0 ? {} : { missing: Object.fromEntries(missing) }),
    ...(mark === null ? {} : { decimal_mark: mark }),
  };
}

/** Units behind the numbers, for `buffer.columns`. */
export function unitSettings(
  { columns }: InputProfile,
  { numeric }: Layout,
): Readonly<Record<string, { readonly unit: string }>> {
  const found = columns.filter(({ name, cells }) => numeric.includes(name) && cells?.unit);
  return Object.fromEntries(found.map(({ name, cells }) => [name, { unit: cells?.unit ?? "" }]));
}

/** The numbers of `on` and `off` and the like; null: the sample has no such words. */
function wordsOf({ examples }: ColumnProfile): Record<string, number> | null {
  const words = examples.map((cell) => cell.trim().toLowerCase());
  const [word] = words.filter((candidate) => readSwitch(candidate) !== undefined);
  const [one, zero] = SWITCHES.find((pair) => pair.some((entry) => entry === word)) ?? [];
  return one === undefined || zero === undefined ? null : { [one]: 1, [zero]: 0 };
}

/** The error codes of a column that has some, with those that it may give later. */
function codesOf(column: ColumnProfile): number[] {
  const found = (column.sentinels ?? []).map(({ value }) => value);
  if (found.length === 0) return [];
  return [...new Set([...found, ...codesToCome(column)])].sort((a, b) => a - b);
}

/** The decimal mark, where it is a comma or where a comma groups thousands; null: plain numbers, or several marks. */
function markOf(columns: readonly ColumnProfile[]): "." | "," | null {
  const marks = new Set(columns.flatMap(marksIn));
  const isGrouped = columns.some(({ cells }) => cells !== undefined && cells.thousands !== null);
  const [mark] = marks;
  return marks.size === 1 && mark !== undefined && (mark === "," || isGrouped) ? mark : null;
}

function marksIn({ cells, examples }: ColumnProfile): readonly ("." | ",")[] {
  const used = ([".", ","] as const).filter((mark) => examples.some((cell) => cell.includes(mark)));
  return cells === undefined || used.length === 0 ? used : [cells.decimalMark];
}
