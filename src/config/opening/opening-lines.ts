import type { Remark, RemarkTopic } from "../../io/decoders/input-profile.ts";
import { printable } from "../../io/messages/printable.ts";

/** Maximum number of lines; further doubts share the last one. */
const MAX_LINES = 8;

const LABELS: readonly (readonly [topic: RemarkTopic, label: string])[] = [
  ["format", "format"],
  ["time", "time"],
  ["sensors", "sensors"],
  ["watched", "watched"],
  ["left out", "not watched"],
  ["missing", "taken as missing"],
];

/**
 * How an input is read, for people: at most eight lines, in the order format, time, sensors, watched columns, other
 * columns with the reason, values taken as missing, doubts.
 *
 * @param format Name of the format.
 */
export function openingLines(format: string, remarks: readonly Remark[]): readonly string[] {
  const facts = LABELS.flatMap(([topic, label]) => {
    const texts = remarks.filter((remark) => remark.topic === topic).map(phrase);
    if (topic === "format") texts.unshift(format);
    return texts.length === 0
      ? []
      : [printable(`${label}: ${texts.join(SEPARATORS[topic] ?? ", ")}`)];
  });
  const doubts = doubtTexts(remarks);
  const room = MAX_LINES - facts.length;
  const shown = doubts.slice(0, doubts.length > room ? room - 1 : room);
  const rest = doubts.slice(shown.length);
  return [...facts, ...[...shown, ...(rest.length === 0 ? [] : [rest.join("; ")])].map(check)];
}

/** The doubts among remarks, each with the setting that decides. */
export function doubtTexts(remarks: readonly Remark[]): readonly string[] {
  return remarks
    .filter(({ topic }) => topic === "check")
    .map(({ text, setting }) =>
      printable(setting === undefined ? text : `${text} (setting: ${setting})`),
    );
}

const SEPARATORS: Partial<Record<RemarkTopic, string>> = { format: "; ", time: "; " };

function check(text: string): string {
  return `check: ${text}`;
}

function phrase({ topic, column, text }: Remark): string {
  return topic === "left out" && column !== undefined ? `${column} (${text})` : text;
}
