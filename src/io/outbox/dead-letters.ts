import { join } from "node:path";
import { readSegmentFolder } from "../../state/segment/read-segments.ts";
import { requireStateDirectory, StateDirectory } from "../../state/state-directory.ts";
import type { ReportDamage } from "../../state/state-error.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import type { Delivery } from "./log/delivery.ts";
import {
  DeliveryLog,
  OUTBOX_LOG,
  OUTBOX_SEGMENT_BYTES,
  readDeliveryLog,
} from "./log/delivery-log.ts";

/** A message that could not be delivered to one sink. */
export interface DeadLetter {
  readonly sink: string;
  /** Time at which delivery ended, ms. */
  readonly deadAt: number;
  readonly reason: string;
  readonly attempts: number;
  readonly body: AlertBody;
}

/** The dead letters of a state directory, the oldest first. */
export interface DeadLetterList {
  readonly letters: readonly DeadLetter[];
  /** Switched-off sinks, with the reason. */
  readonly off: ReadonlyMap<string, string>;
}

/**
 * Reads the dead letters of a state directory, even while another process uses it.
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
 * Redrives or purges dead letters of a state directory that no process uses. A redriven message goes out with
 * the same id when its pipeline runs next.
 *
 * @param isChosen Selects the dead letters.
 * @returns The changed dead letters, once the change is on disk.
 * @throws {IotmonError} As {@link listDeadLetters}; `ERR_STATE` when a process uses it.
 */
export async function changeDeadLetters(
  path: string,
  change: "redrive" | "purge",
  isChosen: (letter: DeadLetter) => boolean,
  report: ReportDamage,
): Promise<readonly DeadLetter[]> {
  await requireStateDirectory(path);
  const state = await StateDirectory.open(path, report);
  try {
    const log = await state.openLog(OUTBOX_LOG, { segmentBytes: OUTBOX_SEGMENT_BYTES });
    const deliveries = await DeliveryLog.open(log);
    const changed: DeadLetter[] = [];
    for (const delivery of [...deliveries.state.dead]) {
      const letter = letterOf(delivery);
      if (!isChosen(letter)) continue;
      if (change === "redrive") deliveries.redrive(delivery, Date.now());
      else deliveries.finish(delivery);
      changed.push(letter);
    }
    await deliveries.sync();
    await deliveries.compact();
    await deliveries.close();
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
