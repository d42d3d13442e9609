import { joinedKey } from "../../../core/layout.ts";
import type { SampledColumn } from "../columns/sampled-column.ts";
import { cleanCell } from "../rows/cell.ts";
import {
  type Melt,
  type Pivot,
  type PivotSetting,
  quantityOf,
  type Shape,
  sensorOf,
} from "./shape.ts";

/** Fewer rows than this share of those of another quantity are a mark, such as `$RT_OFF$` of WinCC. */
const MARK_SHARE = 0.01;

/**
 * Names of quantities as columns of the readings; a name that a column of the rows has gets `_2`. A quantity with hardly
 * any row has no column: "".
 */
export function quantityColumns(
  columns: readonly SampledColumn[],
  pivot: PivotSetting,
  rename: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { name, value } = pivot;
  const taken = new Set(columns.map((column) => column.name));
  for (const one of [...name, value]) taken.delete(one);
  const free = (wanted: string): string => (taken.has(wanted) ? free(`${wanted}_2`) : wanted);
  const found: [name: string, column: string][] = [];
  const counts = new Map<string, number>();
  for (const cell of joinedCells(columns, name)) {
    const quantity = quantityOf(cell, pivot);
    counts.set(quantity, (counts.get(quantity) ?? 0) + 1);
  }
  counts.delete("");
  const least = Math.max(...counts.values()) * MARK_SHARE;
  for (const [quantity, count] of counts) {
    if (count < least) {
      found.push([quantity, ""]);
      continue;
    }
    const column = free(Object.hasOwn(rename, quantity) ? `${rename[quantity]}` : quantity);
    taken.add(column);
    found.push([quantity, column]);
  }
  return Object.fromEntries(found);
}

/** The columns of the readings in a sample, of the columns of its rows. O(cells). */
export function readingColumns(
  columns: readonly SampledColumn[],
  shape: Shape,
): readonly SampledColumn[] {
  const { pivot, melt, key } = shape;
  const keyed = melt === null && key.length > 1 ? withKey(columns, key) : columns;
  if (pivot !== null) return pivoted(keyed, pivot);
  return melt === null ? keyed : melted(columns, melt, key);
}

function withKey(
  columns: readonly SampledColumn[],
  key: readonly string[],
): readonly SampledColumn[] {
  const joined = {
    name: joinedKey(key),
    nameless: false,
    cells: joinedCells(columns, key),
  };
  const at = columns.findIndex(({ name }) => key.includes(name));
  const rest = columns.filter(({ name }) => !key.includes(name));
  return [...rest.slice(0, at), joined, ...rest.slice(at)];
}

/** Each quantity becomes a column; its cells are empty in the rows of others. */
function pivoted(columns: readonly SampledColumn[], pivot: Pivot): readonly SampledColumn[] {
  const { name, value, columns: names } = pivot;
  const cellsOfName = joinedCells(columns, name);
  const quantities = cellsOfName.map((cell) => quantityOf(cell, pivot));
  const cells = columns.find((column) => column.name === value)?.cells ?? [];
  const read = Object.entries(names).filter(([, column]) => column !== "");
  const made = read.map(([quantity, column]) => ({
    name: column,
    nameless: false,
    cells: cells.map((cell, row) => (quantities[row] === quantity ? cell : "")),
  }));
  const sensors = { name: joinedKey(name), nameless: false, cells: cellsOfName.map(sensorOf) };
  const others = columns.filter((column) => ![...name, value].includes(column.name));
  return [...others, ...(pivot.path ? [sensors] : []), ...made];
}

/** Each row becomes as many as it has sensors. */
function melted(
  columns: readonly SampledColumn[],
  { columns: wide, value, key: sensor }: Melt,
  key: readonly string[],
): readonly SampledColumn[] {
  const of = wide.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const rest = columns.filter(({ name }) => ![...wide, ...key].includes(name));
  const bases = joinedCells(columns, key);
  const rows = columns[0]?.cells.length ?? 0;
  const all = (cellOf: (row: number, c: number) => string): string[] =>
    Array.from({ length: rows * of.length }, (_, i) =>
      cellOf(Math.floor(i / of.length), i % of.length),
    );
  const made = (name: string, cells: readonly string[]) => ({ name, nameless: false, cells });
  return [
    ...rest.map((column) => ({ ...column, cells: all((row) => column.cells[row] ?? "") })),
    made(
      sensor,
      all((row, c) => joinedKey([bases[row] ?? "", of[c]?.name ?? ""])),
    ),
    made(
      value,
      all((row, c) => of[c]?.cells[row] ?? ""),
    ),
  ];
}

/** The cells of several columns, joined. */
function joinedCells(columns: readonly SampledColumn[], names: readonly string[]): string[] {
  const own = columns.filter(({ name }) => names.includes(name));
  const [first] = columns;
  return (first?.cells ?? []).map((_, row) =>
    joinedKey(own.map(({ cells }) => cleanCell(cells[row] ?? ""))),
  );
}
