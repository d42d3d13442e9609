import { parseYaml } from "../../config/document.ts";
import { type Fault, IotmonError } from "../../core/errors.ts";
import { labelError, SPAN_FIELDS, type WrittenSpan } from "./label-file.ts";

type Step = string | number;

/** Spans and faults found so far. */
interface Reading {
  readonly keyFields: readonly string[];
  readonly found: { readonly span: Omit<WrittenSpan, "at">; readonly path: readonly Step[] }[];
  readonly faults: { readonly path: readonly Step[]; readonly message: string; hint?: string }[];
  readonly ignored: Set<string>;
}

/**
 * Reads spans from JSON: a list of `{ "start", "end", "key" }` or `[start, end]`, or an object with such a
 * list per recording, like `combined_windows.json` of the Numenta Anomaly Benchmark.
 *
 * @param keyFields Names of the sensor field.
 * @param ignored Called with unused fields.
 * @returns The spans, and the names of all recordings, including those without spans; null for a list.
 * @throws {IotmonError} `ERR_DATA` with every fault, its line and column.
 */
export function readJsonSpans(
  text: string,
  label: string,
  keyFields: readonly string[],
  ignored: (fields: readonly string[]) => void,
): { readonly spans: readonly WrittenSpan[]; readonly recordings: readonly string[] | null } {
  const document = parseJson(text, label);
  const reading: Reading = { keyFields, found: [], faults: [], ignored: new Set() };
  const recordings =
    typeof document === "object" && document !== null && !Array.isArray(document)
      ? Object.entries(document)
      : null;
  if (recordings === null) readList(document, null, [], reading);
  for (const [name, list] of recordings ?? []) readList(list, name, [name], reading);
  ignored([...reading.ignored]);
  // finding lines is slow, so it happens once, at the end
  const { locate } = parseYaml(text, label);
  const faults = reading.faults.map(
    ({ path, message, hint }): Fault => ({ at: locate([...path]), message, hint }),
  );
  if (faults.length > 0) throw labelError(label, faults);
  const spans = reading.found.map(({ span, path }) => ({ ...span, at: locate([...path]) }));
  return { spans, recordings: recordings?.map(([name]) => name) ?? null };
}

function readList(
  list: unknown,
  recording: string | null,
  path: readonly Step[],
  reading: Reading,
): void {
  if (!Array.isArray(list)) {
    const message = `${shown(list)} is not a list of labels`;
    reading.faults.push({ path, message, hint: EXPECTED });
    return;
  }
  for (const [i, entry] of list.entries()) readSpan(entry, recording, [...path, i], reading);
}

function readSpan(
  entry: unknown,
  recording: string | null,
  path: readonly Step[],
  reading: Reading,
): void {
  if (isTime(entry)) {
    const message = `${shown(entry)} is a point in time, not a start and an end`;
    const hint = "For the Numenta Anomaly Benchmark, use combined_windows.json";
    reading.faults.push({ path, message, hint });
    return;
  }
  const pair = Array.isArray(entry);
  const fields = new Map<string, unknown>(
    pair && entry.length === 2
      ? SPAN_FIELDS.map((name, i) => [name, entry[i]])
      : Object.entries(pair ? {} : (entry ?? {})),
  );
  const missing = SPAN_FIELDS.filter((name) => !isTime(fields.get(name)));
  if (missing.length > 0) {
    const names = missing.map((name) => `"${name}"`).join(" and ");
    const message = pair
      ? `${shown(entry)} is not [start, end]`
      : `${shown(entry)} has no time under ${names}`;
    reading.faults.push({ path, message, hint: EXPECTED });
    return;
  }
  const keyField = reading.keyFields.find((name) => fields.has(name));
  const key = keyField === undefined ? null : fields.get(keyField);
  const known: readonly (string | undefined)[] = [...SPAN_FIELDS, keyField];
  for (const name of fields.keys()) if (!known.includes(name)) reading.ignored.add(name);
  const [start, end] = SPAN_FIELDS.map((name) => String(fields.get(name))) as [string, string];
  const sensor = key === null || key === "" ? null : String(key);
  reading.found.push({ path, span: { start, end, key: sensor, recording } });
}

const EXPECTED = 'Expected { "start": ..., "end": ... }, optionally with "key", or [start, end]';

function isTime(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function parseJson(text: string, label: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const { message } = cause as SyntaxError;
    const [, offset] = /at position (\d+)/.exec(message) ?? [];
    const before = text.slice(0, offset === undefined ? text.length : Number(offset));
    const line = before.split("\n").length;
    const why = message.replace(/ (in JSON )?at position .*$/, "");
    throw new IotmonError("ERR_DATA", `not valid JSON: ${why}`, {
      at: `${label}:${line}:${before.length - before.lastIndexOf("\n")}`,
      hint: "Labels are JSON or CSV",
      cause,
    });
  }
}
