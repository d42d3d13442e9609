import type { Severity } from "../../../../core/alerts/severity.ts";
import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";

/** One value of a sensor. */
export interface ShownValue {
  readonly name: string;
  readonly value: number;
  /** Empty: unknown. */
  readonly unit: string;
}

/** The state of a sensor. */
export type ShownState =
  | { readonly kind: "alarm" | "silent"; readonly severity: Severity }
  | { readonly kind: "anomalous" | "ok" | "idle" }
  | { readonly kind: "warming"; readonly seen: number; readonly wanted: number };

/** The facts about a sensor in a live view. */
export interface SensorLine {
  readonly name: string;
  readonly state: ShownState;
  readonly values: readonly ShownValue[];
  /** Event time of its newest row, ms; NaN without rows. */
  readonly lastAt: number;
  /** 0 to 1; NaN: not scored. */
  readonly score: number;
  /** Scores, oldest first; NaN: not scored. */
  readonly bars: readonly number[];
  /** Alarms on the newest day of the pipeline. */
  readonly today: number;
  /** Event time of its newest alarm, ms; -Infinity without alarms. */
  readonly alarmAt: number;
}

/** The facts about a source in a live view. */
export interface SourceLine {
  readonly label: string;
  /** Null: still opening. */
  readonly isUp: boolean | null;
  /** Clock time, ms since epoch; NaN: unknown. */
  readonly since: number;
  readonly readingsPerSecond: number;
  readonly rejected: number;
  readonly dropped: number;
}

/** The content of a live view. */
export interface ViewModel {
  readonly name: string;
  /** The worst first. */
  readonly sensors: readonly SensorLine[];
  readonly sources: readonly SourceLine[];
  /** Numbers of messages about clocks, such as `1 clock step`. */
  readonly clocks: readonly string[];
  /** Event time of the newest row, ms; -Infinity without rows. */
  readonly newestAt: number;
  /** Clock time, ms since epoch. */
  readonly nowMs: number;
  readonly times: TimeDisplay;
}
