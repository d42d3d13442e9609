import type { SeverityLevels } from "./severity.ts";

/** A length of an alert rule: rows of the key, or event time. */
export type Span =
  | { readonly kind: "rows"; readonly rows: number }
  | { readonly kind: "duration"; readonly ms: number };

/** How long an anomaly must last: `need` anomalous rows of the last `of`, or a time. */
export type Persistence =
  | { readonly kind: "rows"; readonly need: number; readonly of: number }
  | { readonly kind: "duration"; readonly ms: number };

/** The alert policy of one detector, with all defaults. */
export interface AlertConfig {
  readonly severity: SeverityLevels;
  /**
   * Alerts a week that a healthy sensor may cause, > 0: the policy sees what an alert budget reports. Null: it sees what the
   * detector finds anomalous.
   */
  readonly budget: number | null;
  readonly for: Persistence;
  /**
   * Quiet time per key after a message, ms of event time. Null: 60 intervals of the readings, but 1 min to 1 h; it ends early
   * for an anomaly that is rarer by one nat than those with messages.
   */
  readonly cooldownMs: number | null;
  readonly resolveAfter: Span;
  /** Interval between repeated messages of a long episode, ms of event time; null: none. */
  readonly repeatMs: number | null;
  readonly sendResolved: boolean;
  /** Labels in every message, by which receivers can sort. */
  readonly labels: Readonly<Record<string, string>>;
}
