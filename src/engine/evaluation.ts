import type { Episode } from "../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../core/alerts/alert-policy.ts";
import type { SequencedBatch } from "../core/batch.ts";
import type { KeyDetector } from "../core/detectors/detector.ts";
import type { EventQueue } from "./event-queue.ts";
import type { KeyPart } from "./key-part.ts";
import type { Workspace } from "./workspace.ts";

/** Where a detector of a key stands. */
export interface DetectorStatus {
  readonly name: string;
  readonly observationsSeen: number;
  /** Observations still missing until the first score. */
  readonly observationsNeeded: number;
  readonly open: Episode | null;
}

/** Evaluates one detector of one key and applies its alert policy. */
export interface Evaluation {
  readonly detector: KeyDetector;
  /** Bytes that the detector holds now. */
  readonly bytes: number;
  /** Next deadline that needs no reading, event time of the key in ms; NaN: none. */
  readonly deadline: number;
  status(): DetectorStatus;
  /**
   * Runs the first `n` rows of the workspace; their scores are then in `work.scores`.
   *
   * @param lagBefore Lag of the key behind the watermark at its previous row, ms.
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
   * @param position Row of the batch, by deadline, at which it happens.
   */
  tick(now: number, position: (deadline: number) => number, queue: EventQueue): void;
  /** Excludes event time `from` up to `to` of the key, ms, from silence. */
  excuse(from: number, to: number): void;
  /** The state in pieces: those of the detector go together, the alerts stand by themselves. */
  parts(): KeyPart[];
}

/** The pieces of a detector and of its alerts, named after it. */
export function evaluationParts(
  name: string,
  detector: Pick<KeyDetector, "parts">,
  policy: AlertPolicy,
): KeyPart[] {
  const model = `detector/${name}`;
  const alerts = `${model}/alerts`;
  return [
    ...detector.parts().map((part) => ({ ...part, name: `${model}/${part.name}`, unit: model })),
    {
      name: alerts,
      unit: alerts,
      version: policy.version,
      save: (writer) => policy.save(writer),
      load: (reader) => policy.load(reader),
    },
  ];
}

/** Lag of a row's key behind the watermark, ms, >= 0. */
export function lagAt(batch: SequencedBatch, row: number): number {
  return (batch.watermarks[row] as number) - (batch.eventTimes[row] as number);
}
