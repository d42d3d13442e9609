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

/** One detector of one key, with the policy that turns what it finds into alerts. */
export interface KeyWatch {
  readonly detector: KeyDetector;
  /** Bytes that the detector holds now. */
  readonly bytes: number;
  /** Event time of the key at which something happens without a reading, ms; NaN: never. */
  readonly deadline: number;
  status(): DetectorStatus;
  /**
   * Runs the first `n` rows of the workspace; their scores are then in `work.scores`.
   *
   * @param lagBefore How far the key lay behind the watermark at its row before, ms.
   */
  apply(
    batch: SequencedBatch,
    n: number,
    lagBefore: number,
    work: Workspace,
    queue: EventQueue,
  ): void;
  /**
   * Does everything that was due up to `now` on the key's clock.
   *
   * @param position Row of the batch, by deadline, at which it happens.
   */
  tick(now: number, position: (deadline: number) => number, queue: EventQueue): void;
  /** From event time `from` up to `to` of the key, ms, nobody watched. */
  excuse(from: number, to: number): void;
  /** The state in pieces: those of the detector go together, the alerts stand by themselves. */
  parts(): KeyPart[];
}

/** The pieces of a detector and of its alerts, named after it. */
export function watchParts(
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

/** How far a row's key lies behind the watermark with this row, ms, >= 0. */
export function lagAt(batch: SequencedBatch, row: number): number {
  return (batch.watermarks[row] as number) - (batch.eventTimes[row] as number);
}
