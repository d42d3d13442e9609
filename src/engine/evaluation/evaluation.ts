import type { Episode } from "../../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../../core/alerts/alert-policy.ts";
import type { SequencedBatch } from "../../core/batch.ts";
import type { KeyDetector } from "../../core/detectors/detector.ts";
import type { EventQueue } from "../event-queue.ts";
import type { KeyPart, SavedPart } from "../keys/snapshot-parts.ts";
import type { Workspace } from "../keys/workspace.ts";

/** Status of a detector of a key. */
export interface DetectorStatus {
  readonly name: string;
  readonly observationsSeen: number;
  /** Observations before the first score. */
  readonly observationsNeeded: number;
  readonly open: Episode | null;
}

/**
 * The row of the batch at which the clock reaches a deadline.
 *
 * @param isAfter Whether the clock must be after the deadline.
 */
export type RowOf = (deadline: number, isAfter: boolean) => number;

/** Evaluates one detector of one key and applies its alert policy. */
export interface Evaluation {
  readonly detector: KeyDetector;
  /** Memory of the detector, in bytes. */
  readonly bytes: number;
  /** The current episode; null: none. */
  readonly open: Episode | null;
  /** Next deadline, event time of the key in ms; NaN: none. */
  readonly deadline: number;
  status(): DetectorStatus;
  /**
   * Runs the first `n` rows of the workspace and writes their scores to `work.scores`.
   *
   * @param lagBefore Lag of the key behind the stream clock at its previous row, ms.
   */
  apply(
    batch: SequencedBatch,
    n: number,
    lagBefore: number,
    work: Workspace,
    queue: EventQueue,
  ): void;
  /**
   * Runs the deadlines up to `now` on the key's clock.
   *
   * @param position Maps a deadline to its row of the batch.
   */
  tick(now: number, position: RowOf, queue: EventQueue): void;
  /** Excludes event time `from` up to `to` of the key, ms, from silence. */
  excuse(from: number, to: number): void;
  /** The clock of the key was set: moves all event times in the state by `ms`. */
  shift(ms: number): void;
  /** The state without what {@link modelParts} has, as parts. */
  parts(): KeyPart[];
  /** The learned model as parts, which are one unit; none if there is nothing to learn. */
  modelParts(): KeyPart[];
  /** The saved model among these parts is loaded when it is needed, and its progress shown until then. */
  modelWaits(saved: readonly SavedPart[]): void;
  /** Starts a new model. */
  renewModel(): void;
}

/** The parts of a detector, named after it. */
export function detectorParts(name: string, detector: Pick<KeyDetector, "parts">): KeyPart[] {
  const unit = `detector/${name}`;
  return detector.parts().map((part) => ({ ...part, name: `${unit}/${part.name}`, unit }));
}

/** The alerts of a detector as a part, named after the detector. */
export function alertsPart(detector: string, policy: AlertPolicy): KeyPart {
  const name = `detector/${detector}/alerts`;
  return {
    name,
    unit: name,
    version: policy.version,
    save: (writer) => policy.save(writer),
    load: (reader) => policy.load(reader),
  };
}

/** Lag of a row's key behind the stream clock, ms; negative: it is ahead. */
export function lagAt(batch: SequencedBatch, row: number): number {
  return (batch.watermarks[row] as number) - (batch.eventTimes[row] as number);
}
