import type { Layout } from "../../core/layout.ts";
import type { ColumnProfile, InputProfile, Remark } from "../../io/decoders/input-profile.ts";
import { quoted } from "../../io/messages/printable.ts";

const MAX_EXAMPLE = 30;

/** One remark per column of the input that is not watched and has no other use, with the reason. */
export function leftOutColumns(
  { columns, remarks }: InputProfile,
  { key, timestamp, numeric, labels, text }: Layout,
  isWatched: (name: string) => boolean,
): readonly Remark[] {
  const used = [key, ...(timestamp?.columns ?? []), ...numeric.filter(isWatched)];
  const reason = (column: ColumnProfile): string => {
    if (labels.includes(column.name)) return "a label";
    if (numeric.includes(column.name)) return "no detector uses it";
    return text.includes(column.name) ? textReason(column) : unreadReason(column);
  };
  return [
    ...columns
      .filter(({ name }) => !used.includes(name))
      .map((column): Remark => ({ topic: "left out", column: column.name, text: reason(column) })),
    ...remarks.filter(({ topic }) => topic === "left out"),
  ];
}

/** Why a column without a place in the layout is not watched. */
function unreadReason({ role }: ColumnProfile): string {
  if (role === "index") return "a running number";
  if (role === "empty") return "empty";
  if (role === "excluded") return "source.columns.exclude";
  if (role === "device") return "about the device; source.columns.include reads it";
  return "not in buffer.schema";
}

function textReason({ role, timeLook, examples: [example = ""] }: ColumnProfile): string {
  if (role === "timestamp") return "another time";
  if (example === "") return "text";
  const shown = example.length > MAX_EXAMPLE ? `${example.slice(0, MAX_EXAMPLE)}…` : example;
  return `${timeLook === null ? "text" : "looks like a time"}, such as ${quoted(shown)}`;
}
