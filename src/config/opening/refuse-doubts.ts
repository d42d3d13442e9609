import { IotmonError } from "../../core/errors.ts";
import type { ColumnProfile, InputProfile, Remark } from "../../io/decoders/input-profile.ts";
import { quoted } from "../../io/messages/printable.ts";
import { doubtTexts } from "./opening-lines.ts";
import type { OpenedInput } from "./opening-remarks.ts";

const DATE_ONLY = /^\d+[-./]\d+[-./]\d+$/;

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
  const others = profile.columns.filter(
    ({ name, role }) => role !== "timestamp" && role !== "excluded" && name !== key,
  );
  const looks = (look: ColumnProfile["timeLook"]) =>
    others.find(({ timeLook }) => timeLook === look);
  const used = profile.columns.find(({ name }) => name === timestamp?.column);
  if (used?.isNewestFirst === true && !isLive) throw newestFirst(profile, used.name, input);
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

function unread({ name, examples: [example = ""] }: ColumnProfile, input: string, what: string) {
  return new IotmonError("ERR_DATA", `${what} "${name}" is not understood: ${quoted(example)}`, {
    at: input,
    hint: `Write it as 2026-03-01 09:30:00, or declare the columns: buffer.schema, with ${JSON.stringify(name)}: str if it is no time`,
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
