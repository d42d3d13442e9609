import type { DecidedBy } from "../../../../core/timestamp/detect/decide-format.ts";
import type { TimePlan } from "../../../../core/timestamp/time-plan.ts";

/** One of several ways to read the time of a sample. */
export interface TimeReading {
  readonly plan: TimePlan;
  /** Time of the cell in this way, ms since the epoch. */
  readonly time: number;
}

/** What a sample and the settings say about the time of the readings. */
export type TimeFinding =
  /** No column holds a time; `isSet`: a setting says so. */
  | { readonly kind: "none"; readonly isSet?: boolean }
  /** `by`: what excludes other plans; `unit`: the unit of the numbers is a guess. */
  | {
      readonly kind: "plan";
      readonly plan: TimePlan;
      readonly by: DecidedBy | "setting" | "arrival" | "unit";
    }
  /** Several plans remain: the cell is read differently in each. */
  | {
      readonly kind: "open";
      readonly cell: string;
      readonly readings: readonly TimeReading[];
    }
  /** The times name a zone by an abbreviation that several zones share. */
  | {
      readonly kind: "zone";
      readonly columns: readonly string[];
      readonly cell: string;
      readonly name: string;
    }
  /** The format of a setting does not fit. */
  | {
      readonly kind: "unfit";
      readonly columns: readonly string[];
      readonly cell: string;
      readonly format: string;
    };

/** What the settings of a source say about its times; null: not set. */
export interface TimeFormatSettings {
  readonly columns: readonly string[] | null;
  /** As in `TimePlan`, or `none`: no column holds the time. */
  readonly format: string | null;
  readonly zone: string | null;
  readonly start: number | null;
}

/** Nothing is set. */
export const NO_TIME_SETTINGS: TimeFormatSettings = {
  ...{ columns: null, format: null, zone: null, start: null },
};

/** No column holds the time. */
export const NO_TIME_FORMAT = "none";

/** Where a sample comes from. */
export interface SampleOrigin {
  /** Name of the input; its file name may have a date. */
  readonly input: string;
  /** When the last line arrived, ms since the epoch; null: a recording. */
  readonly arrivalMs: number | null;
  /** Whether the sample has all readings of the input; undefined: no. */
  readonly isWhole?: boolean | undefined;
}
