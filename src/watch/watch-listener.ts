import type { Reject } from "../io/decoders/decoder.ts";
import type { ImplausibleCell } from "../io/implausible.ts";
import type { AlertBody } from "../io/messages/alert-schema.ts";
import type { RecordedLine, RecordedSource } from "../io/session-recording/entries.ts";
import type { SourceEvent } from "../io/sources/live-source.ts";
import type { Command } from "../service/commands.ts";
import type { ScoredRows } from "../service/effects.ts";
import type { HostedBuffer } from "../service/registry.ts";

/** A message, and the row that brought it. */
export interface RowAlert {
  readonly body: AlertBody;
  /** Index of the row in what ran; null: time brought it. */
  readonly row: number | null;
}

/**
 * What a running `watch` tells whoever shows or records it. Called at once, in order; must not change
 * anything. After a crash, what came after the last checkpoint is told again.
 */
export interface WatchListener {
  /** The pipeline is there, with what it knows from before; lines are scored from now on. */
  began?(hosted: HostedBuffer): void;
  /** It is known how the lines of a source are written; they follow. */
  opened?(source: RecordedSource): void;
  /**
   * Lines of a source go into the pipeline with its next rows.
   *
   * @param source As the user named it, and under which the pipeline knows it.
   */
  lines?(
    source: { readonly label: string; readonly name: string },
    lines: readonly RecordedLine[],
  ): void;
  /** Something has changed the pipeline. */
  executed?(command: Command): void;
  /** Rows ran; the arrays are overwritten by the next but one. Their source is `pipeline.sources.labels[ran.rows.source]`. */
  rows?(hosted: HostedBuffer, ran: ScoredRows, alerts: readonly RowAlert[]): void;
  /** Time brought these without a row. */
  due?(hosted: HostedBuffer, alerts: readonly RowAlert[]): void;
  /** A message about the running itself. */
  ops?(body: AlertBody): void;
  /** Something happened to a source. */
  source?(label: string, event: SourceEvent): void;
  /** A line can't be used. */
  rejected?(reject: Reject): void;
  /** A value can't be true: it is missing, the rest of its row is used. */
  implausible?(cell: ImplausibleCell): void;
  /** Lines of a source were dropped, as they came faster than they could be scored. */
  dropped?(label: string, lines: number): void;
  /** Something a user may want to know, a sentence without its period. */
  note?(level: "info" | "warn", text: string): void;
  /** Resolves when what was told has been written, so that more may come. */
  settled?(): Promise<void>;
}
