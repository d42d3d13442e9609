import { join } from "node:path";
import { readSegmentFolder } from "../../state/segment/segment-reader.ts";
import { requireStateDirectory, StateDirectory } from "../../state/state-directory.ts";
import type { ReportDamage } from "../../state/state-error.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import type { Delivery, StoredMessage } from "./log/delivery.ts";
import {
  DeliveryLog,
  OUTBOX_LOG,
  OUTBOX_SEGMENT_BYTES,
  readDeliveryLog,
} from "./log/delivery-log.ts";
import type { DeliveryState } from "./log/delivery-state.ts";
import { DEFAULT_LIMITS } from "./log/queue-limits.ts";

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
  /** Number of dead letters of a sink that were dropped to stay within the limit, over all runs. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** A redrive of more dead letters than the queue has room for. */
export interface PartialRedrive {
  readonly chosen: number;
  /** The oldest ones, which the redrive puts into the queue. The others stay dead letters. */
  readonly fitting: number;
}

/**
 * Reads the dead letters of a state directory, even while another process uses it.
 *
 * @throws {IotmonError} `ERR_NO_INPUT` when there is no state directory, `ERR_STATE` when a later iotmon
 * wrote it, `ERR_PERMISSION`, `ERR_IO`.
 */
export async function listDeadLetters(path: string, report: ReportDamage): Promise<DeadLetterList> {
  await requireStateDirectory(path);
  const log = readSegmentFolder(join(path, OUTBOX_LOG), report);
  const { dead, off, dropped } = await readDeliveryLog(log);
  return { letters: [...dead].map(letterOf), off, dropped };
}

/**
 * Redrives or purges dead letters of a state directory that no process uses. A redriven message goes out with
 * the same id when its pipeline runs next.
 *
 * @param isChosen Selects the dead letters.
 * @param announce Called before anything changes if not all of them fit in the queue.
 * @returns The changed dead letters, once the change is on disk.
 * @throws {IotmonError} As {@link listDeadLetters}; `ERR_STATE` when a process uses it.
 */
export async function changeDeadLetters(
  path: string,
  change: "redrive" | "purge",
  isChosen: (letter: DeadLetter) => boolean,
  report: ReportDamage,
  announce: (redrive: PartialRedrive) => void = () => {},
): Promise<readonly DeadLetter[]> {
  await requireStateDirectory(path);
  const state = await StateDirectory.open(path, report, "inspect");
  try {
    const log = await state.openLog(OUTBOX_LOG, { segmentBytes: OUTBOX_SEGMENT_BYTES });
    const deliveries = await DeliveryLog.open(log);
    const chosen = [...deliveries.state.dead].filter((delivery) => isChosen(letterOf(delivery)));
    const changing = change === "purge" ? chosen : fitting(chosen, deliveries.state);
    if (changing.length < chosen.length) {
      announce({ chosen: chosen.length, fitting: changing.length });
    }
    const changed = changing.map(letterOf);
    for (const delivery of changing) {
      if (change === "redrive") deliveries.redrive(delivery, Date.now());
      else deliveries.finish(delivery);
    }
    await deliveries.sync();
    await deliveries.compact();
    await deliveries.close();
    return changed;
  } finally {
    await state.close();
  }
}

/** The oldest dead letters that the queue has room for. */
function fitting(chosen: readonly Delivery[], state: DeliveryState): readonly Delivery[] {
  let room = DEFAULT_LIMITS.queueBytes - state.pendingBytes;
  const queued = new Set<StoredMessage>(); // a message for several sinks takes its room once
  const end = chosen.findIndex(({ message }) => {
    const isQueued = [...message.deliveries.values()].some(({ dead }) => dead === null);
    if (!isQueued && !queued.has(message)) room -= message.bytes;
    queued.add(message);
    return room < 0;
  });
  return end < 0 ? chosen : chosen.slice(0, end);
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
