import type { Severity } from "../../../../core/alerts/severity.ts";

/** A value as it is shown. */
export interface ShownValue {
  readonly name: string;
  readonly value: number;
  /** Empty: not known. */
  readonly unit: string;
}

/** How a sensor is: the worst first in a list. */
export type ShownState =
  | { readonly kind: "alarm" | "silent"; readonly severity: Severity }
  | { readonly kind: "anomalous" | "ok" | "idle" }
  | { readonly kind: "warming"; readonly seen: number; readonly wanted: number };

/** A sensor as a live view shows it. */
export interface SensorLine {
  readonly name: string;
  readonly state: ShownState;
  readonly values: readonly ShownValue[];
  /** Event time of its newest row, ms; NaN: there is none. */
  readonly lastAt: number;
  /** 0 to 1; NaN: there is none. */
  readonly score: number;
  /** Scores, oldest first; NaN: there was none. */
  readonly bars: readonly number[];
  /** Alarms on the newest day of the pipeline. */
  readonly today: number;
  /** Event time of its newest alarm, ms; -Infinity: there was none. */
  readonly alarmAt: number;
}

/** A source as a live view shows it. */
export interface SourceLine {
  readonly label: string;
  /** Null: nothing is known of it yet. */
  readonly isUp: boolean | null;
  /** Clock time, ms since epoch; NaN: not known. */
  readonly since: number;
  readonly readingsPerSecond: number;
  readonly rejected: number;
  readonly dropped: number;
}

/** All that a live view shows. */
export interface ViewModel {
  readonly name: string;
  /** The worst first. */
  readonly sensors: readonly SensorLine[];
  readonly sources: readonly SourceLine[];
  /** Event time of the newest row, ms; -Infinity: there is none. */
  readonly newestAt: number;
  /** Clock time, ms since epoch. */
  readonly nowMs: number;
}
