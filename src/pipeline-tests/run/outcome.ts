import type { Reject } from "../../io/decoders/decoder.ts";
import type { AlertBody } from "../../io/messages/alert-schema.ts";

/** A message that would have been sent. */
export interface TestMessage {
  readonly body: AlertBody;
  /** Event time at which it is due, ms. */
  readonly at: number;
  /** Row of the sensor's reading at that time, or of the last one before. */
  readonly row: number;
}

/** The verdict of one detector on one reading. */
export interface TestScore {
  readonly row: number;
  readonly sensor: string;
  readonly detector: string;
  readonly score: number;
  /** Null: there was no verdict. */
  readonly anomalous: boolean | null;
}

/** What a sink would have sent. */
export interface TestRequest {
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Everything that came of the rows of a test. */
export interface TestOutcome {
  readonly messages: readonly TestMessage[];
  /** In input order, those of a reading in the order of the detectors. */
  readonly scores: readonly TestScore[];
  readonly rejects: readonly Reject[];
  /** By name, those of the sinks that the test speaks of. */
  readonly requests: ReadonlyMap<string, readonly TestRequest[]>;
}
