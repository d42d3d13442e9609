import { SHARE } from "./byte-budget.ts";
import { MAX_BYTES, MAX_RECOVERY_MS, PACKED } from "./checkpoint-policy.ts";
import { sensorRestoreCost } from "./restore-cost.ts";

/** Processor time to execute the record of one reading again, ms; measured with eight features and one detector. */
const REPLAY_MS = 0.1;
/** Bytes of the record of one reading; at low rates, where records are compressed. */
const RECORD_BYTES = 90;
/** Largest size of the files, as a multiple of a whole checkpoint: up to three in the store, and two journals. */
const FILES = 3 + 2 / SHARE;

/** A limit of the state, and how it holds, about. */
export interface StateEstimate {
  readonly limit: number;
  /** Sensors with which it holds. */
  readonly sensorsWithin: number;
  /** What the largest number of sensors takes; at least the limit. */
  readonly most: number;
}

/**
 * Estimates the processor time of a start after a crash, ms. The budget of bytes comes before the wanted time: a
 * checkpoint of all sensors has to wait until the journal has a share of its bytes.
 *
 * @param bytesPerSensor Memory of a sensor with full windows.
 * @param sensors Largest number of sensors.
 */
export function estimateRecovery(
  bytesPerSensor: number,
  sensors: number,
  limit: number = MAX_RECOVERY_MS,
): StateEstimate {
  const bytes = PACKED * bytesPerSensor;
  const replayMs = (bytes / SHARE / RECORD_BYTES) * REPLAY_MS;
  return estimate(replayMs + sensorRestoreCost(bytes), sensors, limit);
}

/** Estimates the size of journal and checkpoints, bytes. Parameters as {@link estimateRecovery}. */
export function estimateFiles(
  bytesPerSensor: number,
  sensors: number,
  limit: number = MAX_BYTES,
): StateEstimate {
  return estimate(FILES * PACKED * bytesPerSensor, sensors, limit);
}

function estimate(perSensor: number, sensors: number, limit: number): StateEstimate {
  return {
    limit,
    sensorsWithin: Math.floor(limit / perSensor),
    most: Math.max(limit, perSensor * sensors),
  };
}
