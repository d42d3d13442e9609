import type { Cell, RowFault } from "../rows/row-reader.ts";

/** Maximum depth of nested objects. */
const MAX_DEPTH = 8;
const BRACE = "{".charCodeAt(0);

/** An object of a line. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An object behind its topic, as `mosquitto_sub -v` prints it. */
const TOPIC_LINE = /^\s*([^\s{"[]+\/[^\s{"]*)\s+(\{.*\})\s*$/s;

/** The object of a line, with the topic in front of it under `topic`, or the fault of the line. */
export function parseLine(text: string): { object: JsonObject } | { fault: RowFault } {
  let value: unknown;
  const [, topic, json = text] = text.charCodeAt(0) === BRACE ? [] : (TOPIC_LINE.exec(text) ?? []);
  try {
    value = JSON.parse(json);
    if (topic !== undefined) return { object: { topic, ...(value as JsonObject) } };
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
 * `a.0` in an array. A text that holds an object is such an object. Skips values more than 8 levels deep.
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
    const inner = typeof value === "string" ? objectIn(value) : value;
    if (typeof inner === "object" && inner !== null) {
      if (depth < MAX_DEPTH) visitFields(inner as JsonObject, visit, `${name}.`, depth + 1);
    } else visit(name, cellOf(value));
  }
}

/** The object that a text holds as JSON, as gateways pass the payload of a message; else null. */
function objectIn(text: string): object | null {
  if (text.charCodeAt(0) !== BRACE || !text.trimEnd().endsWith("}")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Numbers stay numbers, other values become text; null is missing. */
function cellOf(value: unknown): Cell {
  if (typeof value === "number" || typeof value === "string") return value;
  return value === null ? "" : String(value);
}
