import { CsvError, parse } from "csv-parse/sync";
import { suggestAndList } from "../../config/suggest.ts";
import { IotmonError } from "../../core/errors.ts";
import { labelError, SPAN_FIELDS, type WrittenSpan } from "./label-file.ts";

/** A row of a CSV file, and its last line. */
interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const DELIMITERS = [";", "\t"];

/**
 * Reads spans from CSV: a heading with `start`, `end` and optionally one of `keyFields`, then one row per
 * span.
 *
 * @param keyFields Names of the sensor field; the first that exists is used.
 * @param ignored Called with unused fields.
 * @throws {IotmonError} `ERR_DATA` with every fault and its line.
 */
export function readCsvSpans(
  text: string,
  label: string,
  keyFields: readonly string[],
  ignored: (fields: readonly string[]) => void,
): readonly WrittenSpan[] {
  const [heading, ...rows] = readRows(text, label);
  if (heading === undefined) {
    throw labelError(label, [{ at: label, message: "the file is empty", hint: EXPECTED }]);
  }
  const names = heading.record.map((name) => name.toLowerCase());
  const at = `${label}:${heading.info.lines}`;
  const missing = SPAN_FIELDS.filter((name) => !names.includes(name)).map((name) => ({
    at,
    message: `the heading names no column "${name}"`,
    hint: `${suggestAndList(name, heading.record, "Columns are")}. ${EXPECTED}`,
  }));
  if (missing.length > 0) throw labelError(label, missing);
  const [start, end] = SPAN_FIELDS.map((name) => names.indexOf(name)) as [number, number];
  const keyField = keyFields.find((name) => names.includes(name.toLowerCase()))?.toLowerCase();
  const key = keyField === undefined ? -1 : names.indexOf(keyField);
  ignored(heading.record.filter((_, c) => c !== start && c !== end && c !== key));
  const spans = rows.map(({ record, info }) => ({
    start: record[start] ?? "",
    end: record[end] ?? "",
    key: record[key] || null,
    at: `${label}:${info.lines}`,
    recording: null,
    cells: record.length,
  }));
  const faults = spans
    .filter(({ cells }) => cells !== names.length)
    .map((span) => ({
      at: span.at,
      message: `the row has ${span.cells} cells, the heading ${names.length}`,
    }));
  if (faults.length > 0) throw labelError(label, faults);
  return spans.map(({ cells: _, ...span }) => span);
}

const EXPECTED = "Expected a heading with start, end and optionally key";

function readRows(text: string, label: string): readonly Row[] {
  const first = text.slice(0, Math.max(0, text.search(/\r?\n|$/)));
  try {
    return parse(text, {
      bom: true,
      trim: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      delimiter: DELIMITERS.find((sign) => first.includes(sign)) ?? ",",
    }) as unknown as readonly Row[];
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = (cause as unknown as { readonly lines?: number }).lines ?? 1;
    throw new IotmonError("ERR_DATA", `not valid CSV: ${cause.message}`, {
      at: `${label}:${line}`,
      hint: EXPECTED,
      cause,
    });
  }
}
