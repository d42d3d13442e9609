import type { OpenAPIV3_1 } from "openapi-types";

/** A JSON Schema of the OpenAPI document, with resolved references. */
export type Schema = OpenAPIV3_1.SchemaObject;

/** One field of a body, for a table. */
export interface FieldRow {
  /** With its parents: `features[].window`. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** Default value as JSON; undefined if there is none. */
  readonly preset: string | undefined;
  readonly description: string;
}

/** Deeper fields have no rows of their own. */
const MAX_DEPTH = 4;

/** The fields of a schema; nested fields follow their object. A field in several forms has one row. */
export function fieldRows(schema: Schema, prefix = "", depth = 0): FieldRow[] {
  const all = formsOf(schema).flatMap((form) =>
    Object.entries(form.properties ?? {}).flatMap(([key, value]) => {
      const name = `${prefix}${key}`;
      const row = rowOf(name, value as Schema, form.required?.includes(key) === true);
      return [row, ...(depth < MAX_DEPTH ? innerRows(name, value as Schema, depth) : [])];
    }),
  );
  const byName = new Map(all.toReversed().map((row) => [row.name, row]));
  return all.filter((row) => byName.get(row.name) === row);
}

function innerRows(name: string, field: Schema, depth: number): FieldRow[] {
  const items = itemsOf(field);
  if (items !== undefined) return fieldRows(items, `${name}[].`, depth + 1);
  return fieldRows(field, `${name}.`, depth + 1);
}

function rowOf(name: string, field: Schema, required: boolean): FieldRow {
  return {
    name,
    type: typeOf(field),
    required,
    preset: field.default === undefined ? undefined : JSON.stringify(field.default),
    description: field.description ?? "",
  };
}

/** The type of a value in a few words. */
function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(String).join(" | ");
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) {
    return [...new Set(forms.map((form) => typeOf(form as Schema)))].join(" | ");
  }
  const items = itemsOf(schema);
  if (items !== undefined) return `list of ${typeOf(items)}`;
  return [schema.type ?? "any"].flat().join(" | ");
}

function formsOf(schema: Schema): readonly Schema[] {
  const forms = (schema.anyOf ?? schema.oneOf ?? []) as readonly Schema[];
  return [schema, ...forms.flatMap((form) => formsOf(form))];
}

function itemsOf(schema: Schema): Schema | undefined {
  return schema.type === "array" && "items" in schema ? (schema.items as Schema) : undefined;
}
