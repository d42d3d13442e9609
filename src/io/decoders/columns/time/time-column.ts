import { candidateFormats } from "../../../../core/timestamp/detect/candidate-formats.ts";
import { decideFormat } from "../../../../core/timestamp/detect/decide-format.ts";
import { cleanCell } from "../../rows/cell.ts";
import type { ColumnStats } from "../column-stats.ts";
import { isMissing } from "../missing.ts";

/** A column of a sample, for the search of its time. */
export interface TimeColumn {
  readonly name: string;
  /** As written. */
  readonly cells: readonly string[];
  readonly stats: ColumnStats;
}

/** What most cells of a column hold: date and time, only a date, or only a time of day. */
export type TimeKind = "full" | "date" | "clock";

const PROBES = 40;
const SHARE = 0.5;
const DOTTED_CLOCK = "%H.%M.%S";
const CLOCK_NAME = /time|zeit|heure|hora|ora|clock/i;
const DATE_NAME = /date|datum|fecha|data|day|tag|jour|d[ií]a|giorno/i;
/** Digits of a packed timestamp: `20260301093015`. */
const PACKED = new Set([8, 10, 12, 14, 17]);

/** The kind of a column by some of its cells; null: its cells do not look like times. About 0.2 ms. */
export function timeKindOf({ name, cells, stats }: TimeColumn): TimeKind | null {
  const isNumeric = stats.numbers > 0 && stats.numbers >= stats.present * SHARE;
  if (stats.present === 0 || (isNumeric && !isPacked(stats))) return null;
  const texts = probes(cells);
  const known = new Map([...new Set(texts)].map((text) => [text, candidateFormats(text)] as const));
  const found = texts.flatMap((text) => {
    const candidates = known.get(text);
    return candidates !== undefined && candidates.formats.length > 0 ? candidates : [];
  });
  if (found.length < texts.length * SHARE) return null;
  if (found.some(({ formats }) => formats.includes(DOTTED_CLOCK)) && isDottedClock(name, texts)) {
    return "clock";
  }
  const dates = found.filter(({ hasDate }) => hasDate).length;
  const clocks = found.filter(({ hasTime }) => hasTime).length;
  if (dates * 2 <= found.length) return "clock";
  // a spreadsheet may leave out midnight
  return clocks > 0 ? "full" : "date";
}

/** Whether cells such as `10.05.03` are times of day, not dates. */
function isDottedClock(name: string, texts: readonly string[]): boolean {
  const found = decideFormat(texts);
  const by = found.kind === "one" ? found.by : null;
  const isClock = found.kind === "one" && found.format === DOTTED_CLOCK;
  if (by === "form" || by === "values") return isClock;
  // equal steps fit both: a date in each of many rows steps like a clock
  if (DATE_NAME.test(name)) return false;
  return by === "sequence" ? isClock : CLOCK_NAME.test(name);
}

/** Cells that are not missing, spread over the sample. */
function probes(cells: readonly string[]): readonly string[] {
  const found: string[] = [];
  const step = Math.max(1, cells.length / PROBES);
  for (let at = 0; at < cells.length; at += step) {
    const text = cleanCell(cells[Math.floor(at)] as string);
    if (!isMissing(text)) found.push(text);
  }
  return found;
}

function isPacked({ whole, examples }: ColumnStats): boolean {
  return whole && examples.every((cell) => PACKED.has(cell.length) && /^\d+$/.test(cell));
}

/** The cells of the rows in which no column is missing, joined by a blank. */
export function joinedCells(columns: readonly TimeColumn[]): readonly string[] {
  const [first] = columns;
  if (first === undefined) return [];
  const joined: string[] = [];
  for (let row = 0; row < first.cells.length; row++) {
    const texts = columns.map(({ cells }) => cleanCell(cells[row] ?? ""));
    if (!texts.some(isMissing)) joined.push(texts.join(" "));
  }
  return joined;
}
