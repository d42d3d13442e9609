import type { TimestampFormat } from "../../core/timestamp/timestamp.ts";
import type { CellPlan } from "./cells/cell-plan.ts";
import type { Sentinel } from "./cells/find-sentinels.ts";
import type { TimeFinding } from "./columns/time/time-finding.ts";
import type { Shape } from "./shape/shape.ts";

/**
 * The role of a column. `index`: a row number. `device`: a number about the device, such as its battery, that is only
 * read when the pipeline asks for it. `excluded`: a setting says that it is not read.
 */
export type ColumnRole =
  | "timestamp"
  | "number"
  | "label"
  | "text"
  | "index"
  | "empty"
  | "device"
  | "excluded";

/**
 * What shows that a column is a time, or a part of one: cells that look like dates, cells that look like times of
 * day, or rising numbers or texts with digits under the name of a time.
 */
export type TimeLook = "date" | "clock" | "name";

/** A column as the sampled rows show it. */
export interface ColumnProfile {
  /** As in the header, after `rename`; nameless columns are `column_1`, `column_2` ... */
  readonly name: string;
  readonly role: ColumnRole;
  /**
   * Format of its cells as timestamps. Never null if `role` is `timestamp`; also set for numbers that could be
   * epochs, because the pipeline may declare them so.
   */
  readonly timestampFormat: TimestampFormat | null;
  /**
   * Whether it is a meter: a number that only grows, and begins again at 0 now and then. Watched by its rate.
   * Undefined: no.
   */
  readonly isMeter?: boolean | undefined;
  /** Whether its times only go back; undefined: no. */
  readonly isNewestFirst?: boolean | undefined;
  /** What makes it look like a time, whether or not its format is known; null: nothing does. */
  readonly timeLook: TimeLook | null;
  /** Number of different sampled values. */
  readonly distinct: number;
  /** Number of missing cells in the sample. */
  readonly missing: number;
  /** Number of finite numbers in the sample, without `true` and `false`. */
  readonly numbers: number;
  /** Smallest and largest sampled number, without `sentinels`; NaN without numbers. */
  readonly min: number;
  readonly max: number;
  /** Up to three different cells as written. */
  readonly examples: readonly string[];
  /** Whether it has small whole numbers that tell sensors apart, as each time has all of them; undefined: no. */
  readonly isCycle?: boolean | undefined;
  /** How its numbers are written; undefined: plainly. */
  readonly cells?: CellPlan | undefined;
  /** Numbers that stand for no value; the pipeline makes them implausible. Undefined: none. */
  readonly sentinels?: readonly Sentinel[] | undefined;
}

/** What a remark is about; the opening lines have this order. */
export type RemarkTopic =
  | "format"
  | "time"
  | "sensors"
  | "watched"
  | "left out"
  | "missing"
  | "check";

/** A decision about an input that the user should know. */
export interface Remark {
  /** `check`: a doubt, which `--strict` makes an error. */
  readonly topic: RemarkTopic;
  /** A phrase without its topic. */
  readonly text: string;
  /** The column it is about. A remark on a column that the pipeline uses otherwise is not shown. */
  readonly column?: string | undefined;
  /** The setting that decides otherwise. */
  readonly setting?: string | undefined;
}

/** How often a sensor reports. */
export interface Rhythm {
  /** Column of the sensors; null: one sensor. */
  readonly key: string | null;
  /** Time of the first reading, ms since the epoch. */
  readonly firstMs: number;
  /** Median interval between the readings of a sensor, and one than which 1 % are longer, ms. */
  readonly usualMs: number;
  readonly longMs: number;
}

/** What the start of an input says about the whole. Plain data that JSON can store, except NaN. */
export interface InputProfile {
  readonly format: string;
  /** Those of the readings. */
  readonly columns: readonly ColumnProfile[];
  /** How the time of the readings is written; undefined: only the roles of the columns are known. */
  readonly time?: TimeFinding | undefined;
  /** Undefined: not known. */
  readonly rhythm?: Rhythm | undefined;
  readonly rowsSampled: number;
  /** How rows become readings; undefined: each is one. */
  readonly shape?: Shape | undefined;
  /** The columns of the rows, one per cell, if there is a shape; undefined: those of the readings. */
  readonly rowColumns?: readonly ColumnProfile[] | undefined;
  /** Whether rows of one sensor with the same time are parts of one reading; undefined: no. */
  readonly joins?: boolean | undefined;
  /** Decisions that the sample alone allows; the opening lines show them with those of the pipeline. */
  readonly remarks: readonly Remark[];
}
