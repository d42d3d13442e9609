import { IotmonError } from "../../../core/errors.ts";
import { nameColumns } from "../columns/column-names.ts";
import { describeCells } from "../columns/describe-cells.ts";
import { formatRemarks, listNames, profileColumns } from "../columns/profile-columns.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import { LineSplitter } from "../lines/line-splitter.ts";
import { ArrayLines, isObjectArray } from "./array-lines.ts";
import { parseLine, visitFields } from "./fields.ts";
import { findSeries } from "./find-series.ts";

/** The profile of a JSON Lines input. */
export interface JsonlProfile extends InputProfile {
  /** Field of each column. */
  readonly fields: readonly string[];
  /** Whether the objects are the elements of one array; undefined: no. */
  readonly isArray?: boolean | undefined;
}

const DOT = 46;
const MAX_COLUMNS = 10_000;
const MAX_SAMPLE_ROWS = 5000;
const MAX_SAMPLE_CELLS = 2_000_000;

/**
 * Profiles the start of a JSON Lines input; see `Decoder.profile`.
 *
 * @throws {IotmonError} `ERR_DATA` if it has nothing usable.
 */
export function profileJsonl(
  head: Uint8Array,
  complete: boolean,
  input: string,
  options: DecodeOptions,
): JsonlProfile {
  const splitter = new LineSplitter();
  const isArray = isObjectArray(head);
  const lines = splitter.push(isArray ? new ArrayLines().push(head) : head);
  if (complete) lines.push(...splitter.finish());
  const texts = lines.filter(({ fault }) => fault === null).map(({ text }) => text);
  const profile = profileJsonObjects(texts, input, options);
  if (!(profile instanceof IotmonError)) {
    if (!isArray) return profile;
    const [, ...remarks] = profile.remarks;
    return { ...profile, isArray, remarks: [...formatRemarks("one array of objects"), ...remarks] };
  }
  throw head.length === 0 ? unusable("the input is empty", input) : profile;
}

/** Profiles the first lines of a JSON Lines input; ignores lines that are not objects. */
export function profileJsonObjects(
  lines: readonly string[],
  input: string,
  options: DecodeOptions,
  arrivalMs: number | null = null,
): JsonlProfile | IotmonError {
  const series = findSeries(lines);
  if (series !== null) {
    return new IotmonError("ERR_DATA", series.what, { at: input, hint: series.hint });
  }
  const { columns, rows } = sample(lines);
  if (rows === 0) return unusable("no line is a JSON object", input);
  if (columns.size > MAX_COLUMNS) {
    return unusable(`${columns.size} different fields, the limit is ${MAX_COLUMNS}`, input);
  }
  const fields = [...columns.keys()];
  const { names, remarks } = nameColumns(fields, fields.length, options.rename);
  const profiled = profileColumns(
    fields.map((field, i) => ({
      name: names[i] ?? field,
      nameless: field.trim() === "",
      cells: Array.from({ length: rows }, (_, row) => columns.get(field)?.get(row) ?? ""),
    })),
    DOT,
    { input, arrivalMs },
    options,
  );
  const { columns: profiles, facts } = profiled;
  if (!profiles.some(({ role }) => role === "number")) {
    const seen = listNames(profiles.map(({ name, role }) => `${name} (${role})`));
    const what = `no numeric field in the first ${rows} objects: ${seen || "no field at all"}`;
    return unusable(what, input);
  }
  return {
    format: "jsonl",
    columns: profiles,
    ...facts,
    rowsSampled: rows,
    remarks: [
      ...formatRemarks("one JSON object per line"),
      ...remarks,
      ...describeCells(profiles),
      ...profiled.remarks,
    ],
    fields,
  };
}

function unusable(what: string, input: string): IotmonError {
  return new IotmonError("ERR_DATA", what, {
    at: input,
    hint: 'Expected JSON Lines, one object per line, with a number in it: {"time": "2026-03-01T09:30:00Z", "temperature": 21.5}',
  });
}

/** Cells of the first objects, by field and row; fields in order of first appearance. */
function sample(lines: readonly string[]): {
  columns: ReadonlyMap<string, ReadonlyMap<number, string>>;
  rows: number;
} {
  const columns = new Map<string, Map<number, string>>();
  let rows = 0;
  for (const text of lines) {
    const parsed = parseLine(text);
    if ("fault" in parsed) continue;
    visitFields(parsed.object, (name, cell) => {
      const column = columns.get(name) ?? new Map<number, string>();
      columns.set(name, column.set(rows, String(cell)));
    });
    rows += 1;
    if (rows === MAX_SAMPLE_ROWS || rows * columns.size > MAX_SAMPLE_CELLS) break;
  }
  return { columns, rows };
}
