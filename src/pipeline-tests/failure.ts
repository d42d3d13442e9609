import type { Path } from "../config/document.ts";
import type { TestScore } from "./run/outcome.ts";

/** One part of an entry that is not as expected. */
export interface Difference {
  /** From the entry to the part: `["severity"]`, `["body", "labels", "team"]`. */
  readonly path: Path;
  readonly expected: string;
  readonly actual: string;
  /** What to write in the file to expect what happened; undefined: nothing would do. */
  readonly value?: unknown;
}

/** A change of the file by which it expects what happened; `value` undefined: the entry goes. */
export interface Fix {
  readonly path: Path;
  readonly value?: unknown;
}

/** An expectation that was not met. */
export interface Failure {
  /** Where it is written. */
  readonly path: Path;
  /** What is wrong, no trailing period. */
  readonly message: string;
  /** In a line each; null: there is none. */
  readonly expected: string | null;
  readonly actual: string | null;
  /** What tells `expected` from `actual`. */
  readonly differences: readonly Difference[];
  /** Scores of the rows around it. */
  readonly nearby: readonly TestScore[];
  readonly fixes: readonly Fix[];
}

/** A failure that has nothing but what is given. */
export function failure(given: Pick<Failure, "path" | "message"> & Partial<Failure>): Failure {
  return { expected: null, actual: null, differences: [], nearby: [], fixes: [], ...given };
}
