import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import { type PlacedSource, sourcesOf } from "../../config/sources.ts";
import { joinedKey } from "../../core/layout.ts";
import { type PivotSetting, quantityOf, sensorOf } from "../../io/decoders/shape/shape.ts";
import { sourceTypeOf } from "../../io/sources/registry.ts";
import type { RowObject } from "./read-columns.ts";

/** How rows from clients name the columns of a pipeline. */
export interface SentFields {
  /** New names of fields. */
  readonly rename: Readonly<Record<string, string>>;
  /** Fields with a quantity and its number; null: each quantity is a field. */
  readonly pivot: PivotSetting | null;
  /** Fields that name the sensor together; empty: one field does. */
  readonly key: readonly string[];
}

/** Fields have the names of the columns. */
export const PLAIN_FIELDS: SentFields = { rename: {}, pivot: null, key: [] };

/** What the http source of a pipeline says about its rows. */
export function sentFields(config: PipelineConfig | null): SentFields {
  if (config === null) return PLAIN_FIELDS;
  const isSent = ({ source }: PlacedSource): boolean =>
    sourceTypeOf(source.type).names(source).length === 0;
  const source = sourcesOf(config).find(isSent)?.source;
  const { key } = config.buffer;
  const { rename = {}, pivot = false } = source ?? {};
  return {
    rename,
    pivot: pivot === false ? null : pivot,
    key: Array.isArray(key) && key.length > 1 ? key : [],
  };
}

/** Gives rows the fields of readings. O(fields) if there is something to do. */
export function readingFields(
  rows: readonly RowObject[],
  { rename, pivot, key }: SentFields,
): readonly RowObject[] {
  const renamed = Object.keys(rename).length === 0 ? rows : renameFields(rows, rename);
  const pivoted = pivot === null ? renamed : renamed.map((row) => pivotedRow(row, pivot));
  if (key.length === 0) return pivoted;
  const name = joinedKey(key);
  return pivoted.map((row) =>
    withField(row, name, joinedKey(key.map((part) => textOf(row, part)))),
  );
}

/** Renames fields to the pipeline's columns. A renamed field replaces one that has that name already. */
function renameFields(
  rows: readonly RowObject[],
  rename: SentFields["rename"],
): readonly RowObject[] {
  return rows.map((row) => {
    const renamed: [string, unknown][] = [];
    const others: [string, unknown][] = [];
    for (const [name, value] of Object.entries(row)) {
      if (Object.hasOwn(rename, name)) renamed.push([rename[name] as string, value]);
      else others.push([name, value]);
    }
    return Object.fromEntries([...others, ...renamed]); // also __proto__ is a field of its own
  });
}

/** A row with the quantity as a field; a row that names none stays as it is. */
function pivotedRow(row: RowObject, pivot: PivotSetting): RowObject {
  const { name, value, path } = pivot;
  const cell = joinedKey(name.map((part) => textOf(row, part)));
  const quantity = quantityOf(cell, pivot);
  if (quantity === "" || !Object.hasOwn(row, value)) return row;
  const rest = Object.entries(row).filter(([field]) => field !== value && !name.includes(field));
  const sensor = path ? [[joinedKey(name), sensorOf(cell)] as const] : [];
  return Object.fromEntries([...rest, ...sensor, [quantity, row[value]]]);
}

function withField(row: RowObject, name: string, value: string): RowObject {
  return Object.fromEntries([...Object.entries(row), [name, value]]);
}

function textOf(row: RowObject, field: string): string {
  const value = Object.hasOwn(row, field) ? row[field] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}
