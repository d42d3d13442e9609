import { isMeterReset } from "../../../core/features/functions/meter-rate.ts";
import type { ColumnRole } from "../input-profile.ts";
import { cleanCell } from "../rows/cell.ts";
import type { ColumnStats } from "./column-stats.ts";
import { elapsedFormatOf } from "./time/time-names.ts";

/** A numeric column that only grows: a number of rows or seconds, or the total of something that is measured. */
export type CounterKind = "index" | "meter";

/** A column of the sample. */
interface CountedColumn {
  readonly name: string;
  readonly cells: readonly string[];
  readonly stats: ColumnStats;
}

/** Numbers that show a second clock: a temperature `t` may also grow over a few rows. */
const MIN_CLOCK_ROWS = 5;
/** Least number of steps that show a counter: fewer may rise by chance. */
const MIN_STEPS = 20;
/** Steps between two numbers of one group, on average. */
const MIN_GROUP_STEPS = 5;
/** Average number of rows of one text, of columns that may tell sensors apart. */
const MIN_ROWS_PER_TEXT = 10;
/** Resets, as a share of the steps. */
const MOST_RESETS = 0.05;
/** A reset falls to at most this share of the number before. */
const NEAR_ZERO = 0.1;
/** Least number of equal steps that show a running number. */
const MIN_EVEN_STEPS = 50;

const NUMBER = "(?:_?(?:id|no|nr|num|number|count|counter|cnt))?";
/** `entry_id`, `RECORD`, `f_cnt`, `seq`, `packet_no`. */
const RUNNING_NAME = new RegExp(
  `^(?:(?:entry|record|rec|seq|sequence|packet|pkt|msg|message|frame|sample|scan|line|row|reading)${NUMBER}|f_?cnt(?:_?(?:up|down))?|id|pk)$`,
);
/** Certain: a column of this name is a total even while nothing is used. */
const CERTAIN_METER =
  /total_increasing|(?:^|_)[kmg]?wh(?:$|_)|(?:zaehler|zähler|meter)_?(?:stand|reading)|^(?:total_)?energy(?:_total)?$/;
const METER =
  /(?:^|_)(?:total|totals|energy|energie|count|counter|cnt|pulses?|impulse|cycles|odometer|mileage|consumption|verbrauch|import|export|yield|ertrag|today|daily|cumulative|kumuliert|runtime|operating_hours|betriebsstunden)(?:$|_)/;
const METER_UNIT = /^[kMGmT]?[Ww][Hh]$/;

/**
 * Finds the counters among columns: numbers that never fall, or only to near 0, for each sensor. O(cells), and about
 * 0.3 ms for each column with the name of a counter.
 *
 * @param roles Role of each column by its cells.
 * @param hasTime Whether another column holds the time: beside it, elapsed time is a running number.
 * @returns For each column; null: none.
 */
export function findCounters(
  columns: readonly CountedColumn[],
  roles: readonly ColumnRole[],
  hasTime: boolean,
): readonly (CounterKind | null)[] {
  let known: readonly number[] | null = null;
  const groups = (): readonly number[] => {
    known ??= groupsOf(columns, roles);
    return known;
  };
  return columns.map((column, i) => {
    const isNumber = roles[i] === "number" || roles[i] === "device";
    return isNumber ? counterKindOf(column, hasTime, groups) : null;
  });
}

function counterKindOf(
  { name, stats }: CountedColumn,
  hasTime: boolean,
  groups: () => readonly number[],
): CounterKind | null {
  if (hasTime && (isSecondClock(name, stats) || isCounting(stats))) return "index";
  const kind = kindByName(name, hasTime);
  const growth = kind === null ? null : growthOf(stats.values(), groups());
  if (growth === null) return null;
  if (kind === "index") return growth.rises > 0 ? "index" : null;
  if (growth.isEven && growth.step === 1) return "index";
  return growth.rises > 0 || (isCertainMeter(name) && stats.max > 0) ? "meter" : null;
}

/** Whether it is another clock, which may have been set. */
function isSecondClock(name: string, stats: ColumnStats): boolean {
  if (elapsedFormatOf(name) === null || stats.numbers < MIN_CLOCK_ROWS) return false;
  return stats.steps().areRising;
}

/** Whether a whole number grows by the same amount from each row to the next. */
function isCounting({ whole, numbers, present, values }: ColumnStats): boolean {
  if (!whole || numbers !== present || numbers <= MIN_EVEN_STEPS) return false;
  const all = values();
  const step = (all[1] as number) - (all[0] as number);
  return step > 0 && all.every((value, i) => i === 0 || value - (all[i - 1] as number) === step);
}

function kindByName(name: string, hasTime: boolean): CounterKind | null {
  const last = lastPart(name);
  if (RUNNING_NAME.test(last)) return "index";
  if (hasTime && elapsedFormatOf(last) !== null) return "index";
  return isCertainMeter(name) || METER.test(last) ? "meter" : null;
}

function isCertainMeter(name: string): boolean {
  const unit = /[([]([^)\]]{1,5})[)\]]\s*$/.exec(name)?.[1] ?? "";
  return CERTAIN_METER.test(lastPart(name)) || METER_UNIT.test(unit);
}

/** `ENERGY.Total (kWh)` as `total_kwh`: its last part, in words. */
function lastPart(name: string): string {
  const parts = name.split(/[./:](?=\D)/);
  return (parts.at(-1) ?? name)
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[\s()[\]_-]+/g, "_")
    .replace(/^_|_$/g, "")
    .toLowerCase();
}

/** The number of the group of each row: rows of one group have the same texts. */
function groupsOf(
  columns: readonly CountedColumn[],
  roles: readonly ColumnRole[],
): readonly number[] {
  const texts = columns.filter(
    ({ stats }, i) => roles[i] === "text" && stats.distinct * MIN_ROWS_PER_TEXT <= stats.present,
  );
  const numbers = new Map<string, number>();
  const rows = columns[0]?.cells.length ?? 0;
  return Array.from({ length: rows }, (_, row) => {
    const group = texts.map(({ cells }) => cleanCell(cells[row] ?? "")).join("\n");
    const known = numbers.get(group);
    if (known === undefined) numbers.set(group, numbers.size);
    return known ?? numbers.size - 1;
  });
}

interface Growth {
  /** Number of steps up. */
  readonly rises: number;
  /** Whether all steps are alike, and their size. */
  readonly isEven: boolean;
  readonly step: number;
}

/**
 * How numbers grow within their groups; null if they fall, or are too few.
 *
 * @param values A number for each row; NaN: none.
 */
function growthOf(values: readonly number[], groups: readonly number[]): Growth | null {
  const steps = stepsOf(values, groups);
  const least = Math.max(MIN_STEPS, new Set(groups).size * MIN_GROUP_STEPS);
  const falls = steps.filter(({ before, after }) => after < before);
  if (steps.length < least || falls.length > Math.max(1, steps.length * MOST_RESETS)) return null;
  const areResets = falls.every(
    ({ before, after }) => isMeterReset(before, after) && after <= before * NEAR_ZERO,
  );
  if (!areResets) return null;
  const sizes = steps.flatMap(({ before, after }) => (after < before ? [] : [after - before]));
  const [step = 0] = sizes;
  const rises = sizes.filter((size) => size > 0).length;
  return { rises, isEven: step > 0 && sizes.every((size) => size === step), step };
}

/** Neighbouring numbers of one group. */
interface Step {
  readonly before: number;
  readonly after: number;
}

function stepsOf(values: readonly number[], groups: readonly number[]): readonly Step[] {
  const last = new Map<number, number>();
  return values.flatMap((after, row) => {
    if (Number.isNaN(after)) return [];
    const group = groups[row] as number;
    const before = last.get(group);
    last.set(group, after);
    return before === undefined ? [] : [{ before, after }];
  });
}
