import type { Reject } from "../../io/decoders/decode-context.ts";
import type { AlertBody } from "../../io/messages/alert-schema.ts";

/** An alert message of the run. */
export interface TestMessage {
  readonly body: AlertBody;
  /** Event time at which it is due, ms. */
  readonly at: number;
  /** Row of the sensor's reading at that time, or of its last one before. */
  readonly row: number;
}

/** The score of one detector for one reading. */
export interface TestScore {
  readonly row: number;
  readonly sensor: string;
  readonly detector: string;
  readonly score: number;
  /** Null: not scored. */
  readonly anomalous: boolean | null;
}

/** A request that a sink would send. */
export interface TestRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** All results of a test's rows. */
export interface TestOutcome {
  readonly messages: readonly TestMessage[];
  /** In input order; those of one reading in the order of the detectors. */
  readonly scores: readonly TestScore[];
  readonly rejects: readonly Reject[];
  /** By name of the sink; only sinks that the test names. */
  readonly requests: ReadonlyMap<string, readonly TestRequest[]>;
}
