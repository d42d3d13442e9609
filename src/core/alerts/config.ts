import type { SeverityLevels } from "./severity.ts";

/** A length of an alert rule: rows of the key, or event time. */
export type Span =
  | { readonly kind: "rows"; readonly rows: number }
  | { readonly kind: "duration"; readonly ms: number };

/** How long an anomaly must last: `need` anomalous rows of the last `of`, or a time. */
export type Persistence =
  | { readonly kind: "rows"; readonly need: number; readonly of: number }
  | { readonly kind: "duration"; readonly ms: number };

/** The alert policy of one detector, all defaults filled in. */
export interface AlertConfig {
  readonly severity: SeverityLevels;
  readonly for: Persistence;
  /** Quiet time per key after a message, ms of event time. */
  readonly cooldownMs: number;
  readonly resolveAfter: Span;
  /** A long episode is told again this often, ms of event time; null: never. */
  readonly repeatMs: number | null;
  readonly sendResolved: boolean;
  /** Names with texts that every message carries, for receivers to sort by. */
  readonly labels: Readonly<Record<string, string>>;
}
