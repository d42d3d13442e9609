import type { TimeLook } from "../input-profile.ts";
import { cleanCell } from "../rows/cell.ts";
import { TIME_NAME } from "./column-roles.ts";
import type { ColumnStats } from "./column-stats.ts";
import { isMissing } from "./missing.ts";

const SAMPLES = 300;
const MOST = 2 / 3;
/** Share of the steps between different numbers that go up, for numbers that count time. */
const RISING = 0.9;

/** Names and abbreviations of months in English, German, French, Spanish and Italian. */
const MONTH = [
  "jan(?:uary|uar|vier)?|ene(?:ro)?|gen(?:naio)?|feb(?:ruary|ruar|rero|braio)?|f[eé]v(?:rier)?|mar(?:ch|s|zo)?|mär(?:z)?|mrz",
  "apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|may(?:o)?|mai|mag(?:gio)?|jun(?:e|i|io)?|juin|giu(?:gno)?|jul(?:y|i|io)?|juil(?:let)?",
  "lug(?:lio)?|aug(?:ust)?|ao[uû]t|ago(?:sto)?|sep(?:t|tember|tembre|tiembre)?|set(?:tembre)?|o[ck]t(?:ober|obre|ubre)?",
  "ott(?:obre)?|nov(?:ember|embre|iembre)?|dec(?:ember)?|dez(?:ember)?|d[eé]c(?:embre)?|dic(?:iembre|embre)?",
].join("|");
/** A date of numbers: with a year of four digits, or two digits each; versions such as 1.2.3 have neither. */
const NUMERIC_DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[-/]\d{1,2}[-/]\d{2}|(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d{2})(?!\d|\.\d)/;
const NAMED_DATE = new RegExp(
  `^(?:\\p{L}{2,10}[.,]? )?(?:\\d{1,4}[-. /]*(?:${MONTH})(?!\\p{L})[-. /,]*\\d|(?:${MONTH})[. ]+\\d{1,2}[, ]+\\d)`,
  "iu",
);
/** `20260301093000`, with or without seconds. */
const COMPACT =
  /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?$/;
const CLOCK =
  /^[-+]?(?:\d{1,3}:\d{2}(?::\d{2}(?:[.,]\d+)?)?|\d{1,2}\.\d{2}\.\d{2})(?: ?[ap]\.?m\.?)?$/i;
/** `Time (s)`, `Zeit [ms]`, `elapsed`. */
const ELAPSED_NAME =
  /^(?:.+[ _-])?(?:time|zeit|temps|tiempo|tempo|elapsed)[ _-]*[([](?:s|sec|ms|min|h|us|µs|ns)[\])]$/i;
const DATE_PART = /^(?:year|jahr|yyyy)$/i;

/**
 * What makes a column look like a time, by its name and its cells.
 *
 * @param cells As written.
 */
export function timeLookOf(
  name: string,
  cells: readonly string[],
  stats: ColumnStats,
): TimeLook | null {
  const texts = firstPresent(cells);
  if (texts.length === 0) return null;
  const mostly = (like: (text: string) => boolean): boolean => areMost(texts, like);
  if (mostly(isDate)) return "date";
  if (mostly((text) => CLOCK.test(text))) return "clock";
  if (DATE_PART.test(name) && stats.whole && stats.min >= 1900 && stats.max < 2100) return "name";
  if (!TIME_NAME.test(name) && !ELAPSED_NAME.test(name)) return null;
  const isNumeric = stats.numbers === stats.present;
  return (isNumeric ? isRising(texts) : mostly((text) => /\d/.test(text))) ? "name" : null;
}

function firstPresent(cells: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const cell of cells) {
    const text = cleanCell(cell);
    if (!isMissing(text)) texts.push(text);
    if (texts.length === SAMPLES) break;
  }
  return texts;
}

/** Whether most texts pass a test; ends when they can't any more. */
function areMost(texts: readonly string[], like: (text: string) => boolean): boolean {
  let most = texts.length;
  for (const text of texts) {
    if (!like(text)) most -= 1;
    if (most < texts.length * MOST) return false;
  }
  return true;
}

function isDate(text: string): boolean {
  return NUMERIC_DATE.test(text) || NAMED_DATE.test(text) || COMPACT.test(text);
}

/** Whether numbers count up; equal neighbours are several readings of one time. */
function isRising(texts: readonly string[]): boolean {
  const steps = texts
    .map(
      (text, i) =>
        Number(text.replace(",", ".")) - Number((texts[i - 1] ?? text).replace(",", ".")),
    )
    .filter((step) => step !== 0);
  return steps.length > 1 && steps.filter((step) => step > 0).length >= steps.length * RISING;
}
