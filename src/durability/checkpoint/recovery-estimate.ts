import { MAX_RECOVERY_MS, PACKED, SHARE } from "./checkpoint-policy.ts";

/** Processor time to execute the record of one reading again, ms; measured with eight features and one detector. */
const REPLAY_MS = 0.1;
/** Bytes of the record of one reading; at low rates, where records are compressed. */
const RECORD_BYTES = 90;
/** The longest start after a crash, about. */
export interface RecoveryEstimate {
  readonly maxRecoveryMs: number;
  /** Sensors up to which a start takes no longer than that. */
  readonly sensorsWithin: number;
  /** Processor time with the largest number of sensors, ms. */
  readonly mostMs: number;
}

/**
 * Estimates how long a start takes where the budget of bytes, and not the wanted time, decides when a checkpoint is
 * saved: a checkpoint of all sensors has to wait until the journal has a share of its bytes.
 *
 * @param bytesPerSensor Memory of a sensor with full windows.
 * @param sensors Largest number of sensors.
 */
export function estimateRecovery(
  bytesPerSensor: number,
  sensors: number,
  maxRecoveryMs: number = MAX_RECOVERY_MS,
): RecoveryEstimate {
  const msPerSensor = ((PACKED * bytesPerSensor) / SHARE / RECORD_BYTES) * REPLAY_MS;
  return {
    maxRecoveryMs,
    sensorsWithin: Math.floor(maxRecoveryMs / msPerSensor),
    mostMs: Math.max(maxRecoveryMs, msPerSensor * sensors),
  };
}
