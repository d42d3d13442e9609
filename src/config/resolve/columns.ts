import { constantOf, joinedKey, type Layout } from "../../core/layout.ts";
import type { TimePlan } from "../../core/timestamp/time-plan.ts";
import { detectTimestampFormat } from "../../core/timestamp/timestamp.ts";
import { patternTest } from "../../io/decoders/columns/column-choice.ts";
import { NO_TIME_SETTINGS, type TimeFinding } from "../../io/decoders/columns/time/time-finding.ts";
import type { ColumnProfile, InputProfile } from "../../io/decoders/input-profile.ts";
import { findKeyColumn } from "../../io/decoders/shape/find-key.ts";
import { shapedKey } from "../../io/decoders/shape/shape.ts";
import type { Path } from "../document.ts";
import type { BufferConfig, ColumnType } from "../schema/buffer.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import { type PlacedSource, recordingSource } from "../sources.ts";
import { suggestAndList } from "../suggest.ts";
import type { Findings } from "./findings.ts";
import { namedColumns } from "./named-columns.ts";
import { checkShape } from "./shape-settings.ts";

/** A column of the input with the type that it is read as. */
interface TypedColumn {
  readonly profile: ColumnProfile;
  readonly type: ColumnType;
}

/**
 * Decides which columns of the input hold the timestamp, the key, labels, numbers and text.
 *
 * @param constantKey Key of rows without a key of their own.
 */
export function resolveColumns(
  config: PipelineConfig,
  profile: InputProfile,
  constantKey: string,
  findings: Findings,
): Layout {
  const placed = recordingSource(config);
  const constants = placed?.source.set ?? {};
  checkRename(placed, profile, findings);
  checkChoice(placed, profile, findings);
  checkShape(placed, profile, findings);
  const columns = typedColumns(config, profile, constants, findings);
  const timestamp = resolveTimestamp(columns, profile, config.buffer, placed, findings);
  const labels = resolveLabels(
    columns,
    profile,
    placed?.source.labels,
    placed?.path ?? [],
    findings,
  );
  const taken = new Set([...labels, ...(timestamp?.columns ?? [])]);
  const key = resolveKey(config.buffer, columns, profile, constants, taken, findings);
  for (const name of [key.column, ...[config.buffer.key ?? []].flat()]) {
    if (name !== null) taken.add(name);
  }
  const rest = columns.filter(({ profile: { name } }) => !taken.has(name));
  const numeric = rest.filter(isNumeric);
  return {
    timestamp,
    key: key.column,
    constantKey: key.constant ?? constantKey,
    numeric: numeric.map(({ profile: { name } }) => name),
    labels,
    text: rest.filter(isText).map(({ profile: { name } }) => name),
    constants,
  };
}

/** The numeric columns of a layout that the sample shows as meters. */
export function metersOf({ columns }: InputProfile, { numeric }: Layout): readonly string[] {
  const meters = columns.filter(({ isMeter }) => isMeter === true).map(({ name }) => name);
  return numeric.filter((name) => meters.includes(name));
}

function checkRename(placed: PlacedSource | null, profile: InputProfile, findings: Findings): void {
  const names = profile.columns.map(({ name }) => name);
  for (const [from, to] of Object.entries(placed?.source.rename ?? {})) {
    if (names.includes(to)) continue;
    const path = [...(placed?.path ?? []), "rename", from];
    findings.warn(path, `the input has no column "${from}"`, () =>
      suggestAndList(from, names, "Columns are"),
    );
  }
}

function checkChoice(placed: PlacedSource | null, profile: InputProfile, findings: Findings): void {
  const names = profile.columns.map(({ name }) => name);
  for (const [list, patterns] of Object.entries(placed?.source.columns ?? {})) {
    for (const [i, pattern] of patterns.entries()) {
      if (names.some(patternTest([pattern]))) continue;
      const path = [...(placed?.path ?? []), "columns", list, i];
      const hint = suggestAndList(pattern, names, "Columns are");
      findings.warn(path, `the input has no column "${pattern}"`, hint);
    }
  }
}

function typedColumns(
  config: PipelineConfig,
  profile: InputProfile,
  constants: Readonly<Record<string, string>>,
  findings: Findings,
): readonly TypedColumn[] {
  const { schema } = config.buffer;
  const free = profile.columns.filter(({ name }) => !Object.hasOwn(constants, name));
  if (schema === undefined) {
    const asked = namedColumns(config);
    return free.flatMap((column) => {
      const isAsked = column.role === "device" && asked.has(column.name);
      const type = isAsked ? "float" : typeOfRole(column);
      return type === null ? [] : [{ profile: column, type }];
    });
  }
  const names = free.map(({ name }) => name);
  const rows = (profile.rowColumns ?? []).map(({ name }) => name);
  for (const name of Object.keys(schema)) {
    if ([...names, ...rows].includes(name) || Object.hasOwn(constants, name)) continue;
    const hint = (): string => suggestAndList(name, names, "Columns are");
    findings.fault(["buffer", "schema", name], "the input has no such column", hint, "key");
  }
  // The order of the input counts. In the schema object, JavaScript puts names that look like numbers first.
  return free.flatMap((column) => {
    const type = Object.hasOwn(schema, column.name) ? schema[column.name] : undefined;
    if (type === undefined) return [];
    compare(column, type, findings);
    return [{ profile: column, type }];
  });
}

function typeOfRole({ role, numbers }: ColumnProfile): ColumnType | null {
  if (role === "timestamp") return "datetime";
  if (role === "number") return "float";
  if (role === "label") return numbers > 0 ? "float" : "bool";
  return role === "text" ? "str" : null;
}

/** Compares a declared type with the sampled cells. */
function compare(
  { name, role, numbers, examples }: ColumnProfile,
  type: ColumnType,
  findings: Findings,
): void {
  if (type !== "float" && type !== "int") return;
  if (role !== "text" && (role !== "timestamp" || numbers > 0)) return;
  const path = ["buffer", "schema", name];
  const cells = `the input has text such as ${examples.map((cell) => `"${cell}"`).join(", ")}`;
  if (numbers === 0) findings.fault(path, `must be str: ${cells}`);
  else findings.warn(path, `${cells}: such rows will be rejected`);
}

/** How the time is written: as the settings and the sample say, or as the schema does. */
function resolveTimestamp(
  columns: readonly TypedColumn[],
  { columns: all, time }: InputProfile,
  { schema }: BufferConfig,
  placed: PlacedSource | null,
  findings: Findings,
): TimePlan | null {
  const { written = NO_TIME_SETTINGS } = placed?.source.time ?? {};
  const names = new Set(all.map(({ name }) => name));
  const unknown = written.columns?.find((name) => !names.has(name));
  if (unknown !== undefined) {
    const path = [...(placed?.path ?? []), "time", "columns"];
    const hint = suggestAndList(unknown, [...names], "Columns are");
    findings.fault(path, `the input has no column "${unknown}"`, hint);
    return null;
  }
  const candidates = columns.filter(({ type }) => type === "datetime").map(nameOf);
  const found = planOf(time);
  const wanted = new Set([...candidates, ...(written.columns ?? [])]);
  if (found?.columns.every((name) => wanted.has(name)) === true) return found;
  if (time !== undefined && (schema === undefined || time.kind === "zone")) return null;
  const [first] = written.columns ?? candidates;
  if (first === undefined) return null;
  const format = written.format ?? formatOf(first, all, findings);
  const { zone, start } = written;
  return format === null ? null : { columns: written.columns ?? [first], format, zone, start };
}

/** The plan of a sample; of several that remain, the first one. */
function planOf(time: TimeFinding | undefined): TimePlan | null {
  if (time?.kind === "plan") return time.plan;
  return time?.kind === "open" ? (time.readings[0]?.plan ?? null) : null;
}

/** The format of a column that the schema declares as a time. */
function formatOf(
  name: string,
  columns: InputProfile["columns"],
  findings: Findings,
): string | null {
  const { timestampFormat = null, examples = [] } =
    columns.find((column) => column.name === name) ?? {};
  const format = timestampFormat ?? detectTimestampFormat(examples);
  if (format !== null) return format;
  const cells = examples.map((cell) => `"${cell}"`).join(", ") || "nothing";
  findings.fault(["buffer", "schema", name], `can't be datetime: the input has ${cells}`);
  return null;
}

function resolveLabels(
  columns: readonly TypedColumn[],
  profile: InputProfile,
  wanted: readonly string[] | undefined,
  source: Path,
  findings: Findings,
): readonly string[] {
  if (wanted === undefined) {
    return columns.filter((column) => column.profile.role === "label").map(nameOf);
  }
  return wanted.filter((name, i) => {
    const column = profile.columns.find((candidate) => candidate.name === name);
    const path = [...source, "labels", i];
    if (column === undefined) {
      const names = profile.columns.map((candidate) => candidate.name);
      findings.fault(path, `the input has no column "${name}"`, () =>
        suggestAndList(name, names, "Columns are"),
      );
    } else if (column.role === "text" || column.role === "timestamp") {
      findings.fault(path, `column "${name}" does not hold 0 and 1`);
    }
    return column !== undefined;
  });
}

function resolveKey(
  buffer: BufferConfig,
  columns: readonly TypedColumn[],
  profile: InputProfile,
  constants: Readonly<Record<string, string>>,
  taken: ReadonlySet<string>,
  findings: Findings,
): { column: string | null; constant: string | null } {
  const { key } = buffer;
  if (key === null) return { column: null, constant: null };
  if (key === undefined) {
    const names = new Set(columns.map(nameOf));
    const others = profile.columns.map(({ name }) => name).filter((name) => !names.has(name));
    return { column: findKeyColumn(profile, new Set([...taken, ...others])), constant: null };
  }
  const parts = [key].flat();
  const [only = ""] = parts;
  const constant = parts.length === 1 ? constantOf(constants, only) : undefined;
  if (constant !== undefined) return { column: null, constant };
  const { columns: readings, shape, rowColumns = [] } = profile;
  const names = [...readings, ...rowColumns].map(({ name }) => name);
  for (const part of parts) {
    if (!names.includes(part)) {
      const hint = suggestAndList(part, names, "Columns are");
      findings.fault(["buffer", "key"], `the input has no column "${part}"`, hint);
      return { column: null, constant: null };
    }
    if (taken.has(part)) {
      findings.fault(["buffer", "key"], `column "${part}" is the timestamp or a label`);
    }
  }
  const shaped = shape === undefined ? null : shapedKey(shape);
  return { column: shaped ?? joinedKey(parts), constant: null };
}

const nameOf = ({ profile }: TypedColumn): string => profile.name;

const isNumeric = ({ profile, type }: TypedColumn): boolean =>
  type === "float" || type === "int" || (type === "bool" && profile.role === "number");

const isText = ({ profile, type }: TypedColumn): boolean =>
  type === "str" || type === "datetime" || (type === "bool" && profile.role !== "number");
