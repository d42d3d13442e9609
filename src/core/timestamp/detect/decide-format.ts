import { CellText } from "../format/cell-text.ts";
import { FormatReader } from "../format/format-reader.ts";
import { parseFormat } from "../format/parse-format.ts";
import { candidateFormats } from "./candidate-formats.ts";
import { weighSequence } from "./weigh-sequence.ts";

/** One of several ways to read the cells of a sample. */
interface OpenReading {
  /** With the letters of strptime. */
  readonly format: string;
  /** A cell that the ways read differently, if there is one, and its time, ms since the epoch or since midnight. */
  readonly cell: string;
  readonly time: number;
}

/**
 * What decides between formats: there is only one, the values, the sequence, or a convention. `likely`: another format
 * is possible, but rare.
 */
export type DecidedBy = "form" | "values" | "sequence" | "convention" | "likely";

/** The format of a sample. `open`: several remain, the more usual first. */
export type FormatFinding =
  | { readonly kind: "none" }
  | { readonly kind: "one"; readonly format: string; readonly by: DecidedBy }
  | { readonly kind: "open"; readonly readings: readonly OpenReading[] };

/** Number of cells that are examined for their form. */
const PROBES = 40;
/** Share of the examined cells that must have one form, and share of all cells that must fit a format. */
const FORM_SHARE = 0.5;
const FITTING_SHARE = 2 / 3;
/** Fewer cells that exclude a format may be wrong themselves, if the sequence says so. */
const SEVERAL = 3;
/** A step back that no recording makes, where day and month may be swapped. */
const LEAP_MS = 27 * 86_400_000;
/** How many cells must exclude one format for each cell that excludes the other. */
const MANY_TIMES = 10;
/** With dots, the day comes first; behind a year, the month. */
const BY_CONVENTION = /%d\.%m\.%[yY]|%Y\W?%m/;

/** A year of two digits in front, with slashes. */
const RARE = /%y\/%m\/%d/;

/** A format with the times of the cells in it. */
interface Attempt {
  readonly format: string;
  /** NaN: the cell does not fit. */
  readonly times: Float64Array;
  readonly fitting: number;
}

/** -1: the first format is right; 1: the second one; 0: not certain. */
interface Comparison {
  readonly better: -1 | 0 | 1;
  readonly by: DecidedBy;
}

/**
 * Decides the format of timestamps from all of a sample: first by the values (13 is no month), then by the sequence
 * (time advances in steps). With dots the day comes first, behind a year the month, unless the cells contradict.
 *
 * @param cells Cells as written that are not missing, in the order of the rows. About 0.3 µs a cell and format.
 */
export function decideFormat(cells: readonly string[]): FormatFinding {
  const formats = usualFormats(cells);
  const tried = formats.map((format) => tryFormat(format, cells));
  const attempts = tried.filter(
    ({ fitting }) => fitting > 0 && fitting >= cells.length * FITTING_SHARE,
  );
  const [only, ...others] = attempts;
  if (only === undefined) return { kind: "none" };
  const found: FormatFinding =
    others.length === 0
      ? { kind: "one", format: only.format, by: formats.length > 1 ? "values" : "form" }
      : choose(attempts, cells);
  return found.kind === "one" ? (mixtureOf(found.format, tried, cells) ?? found) : found;
}

/** The finding that cells are written in two ways: where one reading leaps back, the cell before fits in another. */
function mixtureOf(
  format: string,
  tried: readonly Attempt[],
  cells: readonly string[],
): FormatFinding | null {
  const chosen = tried.find((one) => one.format === format);
  if (chosen === undefined) return null;
  for (const other of tried) {
    const at = other === chosen ? -1 : mixedAt(chosen.times, other.times);
    if (at >= 0)
      return { kind: "open", readings: [chosen, other].map((one) => readingAt(one, cells, at)) };
  }
  return null;
}

/** The cell before the first leap back that another reading of it explains; -1: none. */
function mixedAt(times: Float64Array, others: Float64Array): number {
  for (let i = 0; i + 1 < times.length; i++) {
    const next = times[i + 1] as number;
    const isLeap = (times[i] as number) - next > LEAP_MS;
    if (isLeap && Math.abs((others[i] as number) - next) < LEAP_MS / 2) return i;
  }
  return -1;
}

function readingAt({ format, times }: Attempt, cells: readonly string[], at: number): OpenReading {
  return { format, cell: cells[at] as string, time: times[at] as number };
}

function choose(attempts: readonly Attempt[], cells: readonly string[]): FormatFinding {
  const left = attempts.filter((one) =>
    attempts.every((other) => other === one || compare(one, other).better < 1),
  );
  const [first, ...others] = left.length > 0 ? left : attempts;
  if (first === undefined) return { kind: "none" };
  if (others.length === 0 && left.length > 0) {
    const reasons = attempts.flatMap((other) => (other === first ? [] : compare(first, other).by));
    const by = reasons.includes("sequence") ? "sequence" : "values";
    return { kind: "one", format: first.format, by };
  }
  if (BY_CONVENTION.test(first.format)) {
    return { kind: "one", format: first.format, by: "convention" };
  }
  const open = [first, ...others];
  const usual = open.filter(({ format }) => !RARE.test(format));
  if (usual.length === 1) {
    return { kind: "one", format: (usual[0] as Attempt).format, by: "likely" };
  }
  const at = cells.findIndex((_, i) => new Set(open.map(({ times }) => times[i])).size > 1);
  const i = Math.max(0, at);
  return {
    kind: "open",
    readings: open.map((one) => readingAt(one, cells, i)),
  };
}

function compare(first: Attempt, second: Attempt): Comparison {
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < first.times.length; i++) {
    const fitsFirst = !Number.isNaN(first.times[i]);
    const fitsSecond = !Number.isNaN(second.times[i]);
    if (fitsFirst && !fitsSecond) onlyFirst += 1;
    else if (fitsSecond && !fitsFirst) onlySecond += 1;
  }
  const sequence = weighSequence(first.times, second.times);
  if (onlyFirst === 0 && onlySecond === 0) return { better: sequence, by: "sequence" };
  const values =
    onlyFirst >= MANY_TIMES * onlySecond ? -1 : onlySecond >= MANY_TIMES * onlyFirst ? 1 : 0;
  const isCertain = Math.max(onlyFirst, onlySecond) >= SEVERAL || sequence !== -values;
  return { better: isCertain ? values : 0, by: "values" };
}

/** The formats of the form that most examined cells have. */
function usualFormats(cells: readonly string[]): readonly string[] {
  const forms = new Map<string, { readonly formats: readonly string[]; count: number }>();
  const step = Math.max(1, cells.length / PROBES);
  let probes = 0;
  for (let at = 0; at < cells.length; at += step) {
    const { formats } = candidateFormats(cells[Math.floor(at)] as string);
    probes += 1;
    if (formats.length === 0) continue;
    const known = forms.get(formats.join("\n"));
    if (known === undefined) forms.set(formats.join("\n"), { formats, count: 1 });
    else known.count += 1;
  }
  const [most] = [...forms.values()].sort((a, b) => b.count - a.count);
  return most !== undefined && most.count >= probes * FORM_SHARE ? most.formats : [];
}

function tryFormat(format: string, cells: readonly string[]): Attempt {
  const times = new Float64Array(cells.length).fill(Number.NaN);
  const tokens = parseFormat(format);
  if ("fault" in tokens) return { format, times, fitting: 0 };
  const reader = new FormatReader(tokens);
  const text = new CellText();
  let fitting = 0;
  for (let i = 0; i < cells.length; i++) {
    text.clear();
    text.add(cells[i] as string);
    const time = reader.read(text);
    times[i] = time;
    if (!Number.isNaN(time)) fitting += 1;
  }
  return { format, times, fitting };
}
