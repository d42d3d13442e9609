import type { Fault } from "../../core/errors.ts";
import {
  detectTimestampFormat,
  parseTimestamp,
  type TimestampFormat,
} from "../../core/timestamp/timestamp.ts";
import {
  KEY_FIELDS,
  type LabelFile,
  type LabelSpan,
  labelError,
  type WrittenSpan,
} from "./label-file.ts";
import { readCsvSpans } from "./read-csv-spans.ts";
import { readJsonSpans } from "./read-json-spans.ts";

/**
 * Parses a label file: JSON if it starts with a bracket, else CSV. Times have the formats of timestamps,
 * and all have the same one.
 *
 * @param label Path as the user gave it.
 * @param keyColumn The pipeline's key column, which may also name the sensor here; null: none.
 * @throws {IotmonError} `ERR_DATA` with every fault and its place.
 */
export function parseLabelFile(text: string, label: string, keyColumn: string | null): LabelFile {
  const keyFields = [...KEY_FIELDS, ...(keyColumn === null ? [] : [keyColumn])];
  const notes: string[] = [];
  const ignored = (fields: readonly string[]): void => {
    if (fields.length === 0) return;
    const names = fields.map((name) => `"${name}"`).join(", ");
    notes.push(`${label}: ignored ${names}; the field for the sensor is "key"`);
  };
  const isJson = /^\uFEFF?\s*[[{]/.test(text) || /\.json$/i.test(label);
  const { spans: written, recordings } = isJson
    ? readJsonSpans(text, label, keyFields, ignored)
    : { spans: readCsvSpans(text, label, keyFields, ignored), recordings: null };
  const spans = parseTimes(written, label);
  if (recordings === null) return { label, spans: spans.map(({ span }) => span), notes };
  const byName = new Map<string, LabelSpan[]>(recordings.map((name) => [name, []]));
  for (const { recording, span } of spans) byName.get(recording ?? "")?.push(span);
  return { label, spans: byName, notes };
}

function parseTimes(
  written: readonly WrittenSpan[],
  label: string,
): readonly { readonly recording: string | null; readonly span: LabelSpan }[] {
  const faults: Fault[] = [];
  const format = firstFormat(written.flatMap(({ start, end }) => [start, end]));
  const time = (text: string, at: string): number => {
    const ms = format === null ? Number.NaN : parseTimestamp(text, format);
    if (Number.isNaN(ms)) {
      const message = text === "" ? "a time is missing" : `"${text}" is not a time`;
      const hint = "Expected times such as 2024-05-01 12:30:00, all in the same format";
      faults.push({ at, message, hint });
    }
    return ms;
  };
  const spans = written.map(({ start, end, key, at, recording }) => {
    const span = { from: time(start, at), to: time(end, at), key, at };
    if (span.from > span.to) {
      faults.push({ at, message: `the label ends before it starts: ${start} to ${end}` });
    }
    return { recording, span };
  });
  if (faults.length > 0) throw labelError(label, faults);
  return spans;
}

/** The format of the first valid time; the texts before it may be invalid. */
function firstFormat(texts: readonly string[]): TimestampFormat | null {
  for (const text of texts) {
    const format = detectTimestampFormat([text]);
    if (format !== null) return format;
  }
  return null;
}
