import type { Cell, RowFault } from "../rows/row-reader.ts";

/** Objects within objects that are looked into. */
const MAX_DEPTH = 8;

/** An object of a line. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a line holds, or what is wrong with the line. */
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
 * Calls `visit` for each value of an object, in the order written. What is nested is named by its path:
 * `a.b` for an object, `a.0` for an array. Objects more than 8 deep are passed over.
 */
export function visitFields(
  object: JsonObject,
  visit: (name: string, cell: Cell) => void,
  prefix = "",
  depth = 1,
): void {
  // what JSON.parse makes has nothing but its own fields; an array of entries a line would cost as much as the rest
  for (const key in object) {
    const value = object[key];
    const name = prefix + key;
    if (typeof value === "object" && value !== null) {
      if (depth < MAX_DEPTH) visitFields(value as JsonObject, visit, `${name}.`, depth + 1);
    } else visit(name, cellOf(value));
  }
}

/** Numbers stay what they are, all else is as a CSV cell would be; null is missing. */
function cellOf(value: unknown): Cell {
  if (typeof value === "number" || typeof value === "string") return value;
  return value === null ? "" : String(value);
}
