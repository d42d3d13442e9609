import type { Reject } from "../io/decoders/decode-context.ts";
import type { ImplausibleCell } from "../io/implausible.ts";
import type { AlertBody } from "../io/messages/alert-schema.ts";
import type { RecordedLine, RecordedSource } from "../io/session-recording/entries.ts";
import type { SourceEvent } from "../io/sources/live/live-source.ts";
import type { TimeReject } from "../io/time-rejects.ts";
import type { Command } from "../service/commands.ts";
import type { ScoredRows } from "../service/effects.ts";
import type { HostedBuffer } from "../service/registry.ts";

/** A message, and the row that caused it. */
export interface RowAlert {
  readonly body: AlertBody;
  /** Index of the row in its batch; null: passing time caused the message. */
  readonly row: number | null;
}

/**
 * Observes a session, to show or record it. Calls are synchronous and in order. A listener must not change
 * the pipeline. After a crash, the next session repeats the calls since the last checkpoint.
 */
export interface WatchListener {
  /** The pipeline exists; lines are scored from now on. */
  began?(hosted: HostedBuffer): void;
  /** The format of a source is known; its lines follow. */
  opened?(source: RecordedSource): void;
  /**
   * The next rows of a source were decoded from these lines.
   *
   * @param source `label`: as the user named it; `name`: in the pipeline.
   */
  lines?(
    source: { readonly label: string; readonly name: string },
    lines: readonly RecordedLine[],
  ): void;
  /** A command has changed the pipeline. */
  executed?(command: Command): void;
  /**
   * Rows were scored; the next append but one overwrites the arrays. The source of a row is
   * `pipeline.sources.names[sourceAt(scored.batch, row)]`.
   */
  rows?(hosted: HostedBuffer, scored: ScoredRows, alerts: readonly RowAlert[]): void;
  /** Passing time caused these messages. */
  due?(hosted: HostedBuffer, alerts: readonly RowAlert[]): void;
  /** An operational message. */
  ops?(body: AlertBody): void;
  /** An event of a source, such as a lost connection. */
  source?(label: string, event: SourceEvent): void;
  /** A line was rejected. */
  rejected?(reject: Reject | TimeReject): void;
  /** A value is implausible: it counts as missing. */
  implausible?(cell: ImplausibleCell): void;
  /** Lines of a source were dropped: they arrive faster than they are scored. */
  dropped?(label: string, lines: number): void;
  /** A sentence for the user, without its period. */
  note?(level: "info" | "warn", text: string): void;
  /** Resolves when the output of all calls so far is written. */
  settled?(): Promise<void>;
}
