import { sharedZoneName, zoneNameOffset } from "../format/zone-names.ts";
import { afterBlank, digitsOf, type Part } from "./cell-parts.ts";

/**
 * Finds a time of day with colons (or `9h30`), AM or PM and a zone, and sets their letters.
 *
 * @returns Whether there is a time of day.
 */
export function takeClock(parts: readonly Part[]): boolean {
  const start = findClock(parts);
  if (start < 0) return false;
  const end = takeDigits(parts, start);
  const halfEnd = takeHalf(parts, start, end);
  takeZone(parts, halfEnd);
  return true;
}

/** Sets the letters of a time of day in numbers that follow each other: `09.30.15`. */
export function takeNumbers(numbers: readonly Part[]): void {
  const letters = ["%H", "%M", "%S", "%f"];
  for (const [i, part] of numbers.entries()) part.letter = letters[i] ?? "";
}

/** Index of the hour; -1: none. */
function findClock(parts: readonly Part[]): number {
  const starts = parts.flatMap((_, i) => (isClockAt(parts, i) ? [i] : []));
  const before = (i: number): string => parts[i - 1]?.text ?? "";
  const short = starts.filter((i) => digitsOf(parts[i]) <= 2 && !"+-".includes(before(i) || " "));
  // `2026:03:01 09:30:15` has a date with colons, `01/Mar/2026:09:30:15` a colon behind the date
  const separate = short.find((i) => before(i) !== ":" && !isDateOfColons(parts, i));
  const behindYear = short.find((i) => before(i) === ":" && digitsOf(parts[i - 2]) === 4);
  if (separate !== undefined) return separate;
  if (behindYear !== undefined && !isDateOfColons(parts, behindYear - 2)) return behindYear;
  return starts[0] === 0 && !isDateOfColons(parts, 0) ? 0 : -1;
}

function isClockAt(parts: readonly Part[], at: number): boolean {
  const mark = parts[at + 1]?.text;
  return (
    digitsOf(parts[at]) > 0 &&
    (mark === ":" || mark === "h" || mark === "H") &&
    digitsOf(parts[at + 2]) === 2
  );
}

function isDateOfColons(parts: readonly Part[], at: number): boolean {
  return digitsOf(parts[at]) === 4 && parts[at + 3]?.text === ":" && at === 0;
}

/** Sets the letters of hour, minute, second and fraction. @returns The index after them. */
function takeDigits(parts: readonly Part[], start: number): number {
  const set = (at: number, letter: string): void => {
    (parts[at] as Part).letter = letter;
  };
  const isFraction = (at: number): boolean =>
    [".", ","].includes(parts[at]?.text ?? "") && digitsOf(parts[at + 1]) > 0;
  if (parts.length === start + 5 && start === 0 && isFraction(3)) {
    set(0, "%M");
    set(2, "%S");
    set(3, "");
    set(4, "");
    return 5;
  }
  set(start, "%H");
  set(start + 2, "%M");
  let end = start + 3;
  if (parts[end]?.text !== ":" || digitsOf(parts[end + 1]) !== 2) return end;
  set(end + 1, "%S");
  end += 2;
  if (isFraction(end)) {
    set(end, "");
    set(end + 1, "");
    return end + 2;
  }
  if (parts[end]?.text !== ":" || digitsOf(parts[end + 1]) === 0) return end;
  set(end + 1, "%f");
  return end + 2;
}

/** Sets the letters of `AM`, `p.m.` and the like. @returns The index after it. */
function takeHalf(parts: readonly Part[], start: number, from: number): number {
  const at = afterBlank(parts, from);
  const written = parts
    .slice(at, at + 5)
    .map(({ text }) => text)
    .join("");
  const found = /^([ap]m\.?|[ap]\. ?m\.?)(?!\p{L})/iu.exec(written)?.[0];
  if (found === undefined) return from;
  let end = at;
  for (let length = 0; length < found.length; end++) {
    length += parts[end]?.text.length ?? 1;
    (parts[end] as Part).letter = end === at ? "%p" : "";
  }
  (parts[start] as Part).letter = "%I";
  return end;
}

/** Sets the letters of a zone behind a time of day. */
export function takeZone(parts: readonly Part[], from: number): void {
  const start = afterBlank(parts, from);
  const nameEnd = isZoneName(parts[start]) ? start + 1 : start;
  if (parts[start]?.kind === "word" && nameEnd === start) return;
  const end = offsetEnd(parts, nameEnd);
  for (let i = start; i < end; i++) (parts[i] as Part).letter = i === start ? "%z" : "";
}

function isZoneName(part: Part | undefined): boolean {
  if (part?.kind !== "word") return false;
  return !Number.isNaN(zoneNameOffset(part.text)) || sharedZoneName(part.text) !== undefined;
}

/** The index after an offset such as `+02:00`; `from` without one. */
function offsetEnd(parts: readonly Part[], from: number): number {
  const digits = digitsOf(parts[from + 1]);
  if (!["+", "-", "\u2212"].includes(parts[from]?.text ?? "")) return from;
  if (digits !== 1 && digits !== 2 && digits !== 4) return from;
  const hasMinutes = parts[from + 2]?.text === ":" && digitsOf(parts[from + 3]) === 2;
  return hasMinutes ? from + 4 : from + 2;
}
