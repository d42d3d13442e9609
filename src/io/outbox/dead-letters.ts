import { join } from "node:path";
import type { ReportDamage } from "../../state/damage.ts";
import { readSegmentFolder } from "../../state/segment/read-segments.ts";
import { requireStateDirectory, StateDirectory } from "../../state/state-directory.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import type { Delivery } from "./log/delivery.ts";
import {
  DeliveryLog,
  OUTBOX_LOG,
  OUTBOX_SEGMENT_BYTES,
  readDeliveryLog,
} from "./log/delivery-log.ts";

/** A message that one sink did not take. */
export interface DeadLetter {
  readonly sink: string;
  /** When it was given up, ms. */
  readonly deadAt: number;
  readonly reason: string;
  readonly attempts: number;
  readonly body: AlertBody;
}

/** What a state directory holds of dead letters, the oldest first. */
export interface DeadLetterList {
  readonly letters: readonly DeadLetter[];
  /** Sinks that are switched off, and why. */
  readonly off: ReadonlyMap<string, string>;
}

/**
 * Looks at the dead letters of a state directory, also while another process uses it.
 *
 * @throws {IotmonError} `ERR_NO_INPUT` when there is no state directory, `ERR_STATE` when a later iotmon
 * wrote it, `ERR_PERMISSION`, `ERR_IO`.
 */
export async function listDeadLetters(path: string, report: ReportDamage): Promise<DeadLetterList> {
  await requireStateDirectory(path);
  const { dead, off } = await readDeliveryLog(readSegmentFolder(join(path, OUTBOX_LOG), report));
  return { letters: [...dead].map(letterOf), off };
}

/**
 * Changes the dead letters of a state directory that no process uses. What is redriven goes out under the
 * same id when its pipeline runs next.
 *
 * @param isMeant Which letters.
 * @returns Those that were changed, when that is on the disk.
 * @throws {IotmonError} As {@link listDeadLetters}; `ERR_STATE` when a process uses it.
 */
export async function changeDeadLetters(
  path: string,
  change: "redrive" | "purge",
  isMeant: (letter: DeadLetter) => boolean,
  report: ReportDamage,
): Promise<readonly DeadLetter[]> {
  await requireStateDirectory(path);
  const state = await StateDirectory.open(path, report);
  try {
    const log = await state.openLog(OUTBOX_LOG, { segmentBytes: OUTBOX_SEGMENT_BYTES });
    const ledger = await DeliveryLog.open(log);
    const changed: DeadLetter[] = [];
    for (const delivery of [...ledger.state.dead]) {
      const letter = letterOf(delivery);
      if (!isMeant(letter)) continue;
      if (change === "redrive") ledger.redrive(delivery, Date.now());
      else ledger.finish(delivery);
      changed.push(letter);
    }
    await ledger.sync();
    await ledger.compact();
    await ledger.close();
    return changed;
  } finally {
    await state.close();
  }
}

function letterOf({ message, sink, attempts, dead }: Delivery): DeadLetter {
  return {
    sink,
    deadAt: dead?.at ?? 0,
    reason: dead?.reason ?? "",
    attempts,
    body: JSON.parse(message.json) as AlertBody,
  };
}
