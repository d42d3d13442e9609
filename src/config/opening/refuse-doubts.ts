import { IotmonError } from "../../core/errors.ts";
import type { Layout } from "../../core/layout.ts";
import { sharedZoneName } from "../../core/timestamp/format/zone-names.ts";
import { dateTimeText, elapsedText } from "../../core/timestamp/iso-time.ts";
import { isRelativeFormat, type TimePlan } from "../../core/timestamp/time-plan.ts";
import type { TimeFinding } from "../../io/decoders/columns/time/time-finding.ts";
import type { ColumnProfile, InputProfile, Remark } from "../../io/decoders/input-profile.ts";
import { quoted } from "../../io/messages/printable.ts";
import { doubtTexts } from "./opening-lines.ts";
import type { OpenedInput } from "./opening-remarks.ts";

const DATE_ONLY = /^\d+[-./]\d+[-./]\d+$/;
const HINT_MORE = "in a pipeline file, source.time.format";

/**
 * Refuses an input whose times are not understood, or run backwards: a wrong time would spoil every result.
 *
 * @param input Name of the input, for the error.
 * @param isDeclared Whether `buffer.schema` says what each column is.
 * @throws {IotmonError} `ERR_DATA` with the column, a sample and the settings.
 */
export function refuseUnreadTime(
  { profile, layout, isLive }: Omit<OpenedInput, "plan">,
  input: string,
  isDeclared: boolean,
): void {
  const { timestamp, key } = layout;
  refuseFinding(profile.time, layout, input);
  const others = profile.columns.filter(
    ({ name, role }) => role !== "timestamp" && role !== "excluded" && name !== key,
  );
  const looks = (look: ColumnProfile["timeLook"]) =>
    others.find(({ timeLook }) => timeLook === look);
  const first = profile.columns.find(({ name }) => name === timestamp?.columns[0]);
  if (first?.isNewestFirst === true && !isLive) throw newestFirst(profile, first.name, input);
  const used = timestamp?.columns.length === 1 ? first : undefined;
  if (used?.examples.every((cell) => DATE_ONLY.test(cell))) {
    const clock = looks("clock");
    const isNamed = isDeclared && layout.text.includes(clock?.name ?? "");
    if (clock === undefined || isLive || isNamed) return;
    throw unread(clock, input, `"${used.name}" has dates only, and the time of day in`);
  }
  if (timestamp !== null || isDeclared) return;
  const column = looks("date") ?? (isLive ? undefined : (looks("clock") ?? looks("name")));
  if (column !== undefined) throw unread(column, input, "the time in");
}

/** @throws {IotmonError} `ERR_DATA` if the times of the layout can be read in several ways, or not as set. */
function refuseFinding(time: TimeFinding | undefined, { timestamp }: Layout, input: string): void {
  if (time?.kind === "open" && time.readings.some(({ plan }) => plan === timestamp)) {
    const names = columnNames(timestamp?.columns ?? []);
    const meanings = time.readings.map(({ plan, time: ms }) => meaning(plan, ms)).join(" or ");
    const formats = time.readings.map(({ plan }) => JSON.stringify(plan.format)).join(" or ");
    const message = `the time in ${names} can be read in several ways: ${quoted(time.cell)} is ${meanings}`;
    throw new IotmonError("ERR_DATA", message, {
      at: input,
      hint: `Set --time-format ${formats} (${HINT_MORE})`,
    });
  }
  if (time?.kind === "zone") {
    const message = `the time in ${columnNames(time.columns)} names a zone that stands for several: ${quoted(time.cell)}`;
    const meanings = sharedZoneName(time.name);
    const hint = `${time.name} is ${meanings}. Set --time-zone, such as America/Chicago (in a pipeline file, source.time.zone)`;
    throw new IotmonError("ERR_DATA", message, { at: input, hint });
  }
  if (time?.kind === "unfit") {
    const message = `the time in ${columnNames(time.columns)} is not written as ${JSON.stringify(time.format)}: ${quoted(time.cell)}`;
    const hint = `Correct --time-format (${HINT_MORE}), or name the columns: source.time.columns`;
    throw new IotmonError("ERR_DATA", message, { at: input, hint });
  }
}

function columnNames(names: readonly string[]): string {
  return names.map(quoted).join(" and ");
}

/** A time in one of several ways, for people. */
function meaning({ format }: TimePlan, time: number): string {
  const text = isRelativeFormat(format) ? elapsedText(time) : dateTimeText(time);
  return `${text} (${format})`;
}

function unread({ name, examples: [example = ""] }: ColumnProfile, input: string, what: string) {
  return new IotmonError("ERR_DATA", `${what} "${name}" is not understood: ${quoted(example)}`, {
    at: input,
    hint: `Set --time-format, such as "%d/%m/%Y %H:%M" (${HINT_MORE}), or declare the columns: buffer.schema, with ${JSON.stringify(name)}: str if it is not a time`,
  });
}

function newestFirst({ format, columns }: InputProfile, name: string, input: string) {
  const hasHeader =
    format === "csv" && !columns.every((column) => /^column_\d+$/.test(column.name));
  const command = hasHeader ? "(head -n 1 FILE; tail -n +2 FILE | tac)" : "tac FILE";
  return new IotmonError("ERR_DATA", `the newest reading is first: "${name}" only goes back`, {
    at: input,
    hint: `Turn the file: ${command} > oldest-first`,
  });
}

/**
 * Makes doubts an error, for `--strict`.
 *
 * @throws {IotmonError} `ERR_DATA` with all of them.
 */
export function refuseDoubts(remarks: readonly Remark[], input: string): void {
  const faults = doubtTexts(remarks).map((message) => ({ at: input, message }));
  if (faults.length === 0) return;
  throw new IotmonError("ERR_DATA", "the input is doubtful, and --strict is set", { faults });
}
