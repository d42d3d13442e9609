import type { Cell, RowFault } from "../rows/row-reader.ts";

/** Maximum depth of nested objects. */
const MAX_DEPTH = 8;

/** An object of a line. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object of a line, or the fault of the line. */
export function parseLine(text: string): { object: JsonObject } | { fault: RowFault } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: { reason: "not JSON", detail: "the line is not JSON" } };
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { object: value as JsonObject };
  }
  const kind = Array.isArray(value) ? "an array" : `${JSON.stringify(value)}`.slice(0, 60);
  return { fault: { reason: "not an object", detail: `the line is ${kind}, not an object` } };
}

/**
 * Calls `visit` for each value of an object, in order. The name of a nested value is its path: `a.b` in an object,
 * `a.0` in an array. Skips values more than 8 levels deep.
 */
export function visitFields(
  object: JsonObject,
  visit: (name: string, cell: Cell) => void,
  prefix = "",
  depth = 1,
): void {
  // objects of JSON.parse have only own fields; Object.entries would double the cost of a line
  for (const key in object) {
    const value = object[key];
    const name = prefix + key;
    if (typeof value === "object" && value !== null) {
      if (depth < MAX_DEPTH) visitFields(value as JsonObject, visit, `${name}.`, depth + 1);
    } else visit(name, cellOf(value));
  }
}

/** Numbers stay numbers, other values become text; null is missing. */
function cellOf(value: unknown): Cell {
  if (typeof value === "number" || typeof value === "string") return value;
  return value === null ? "" : String(value);
}
