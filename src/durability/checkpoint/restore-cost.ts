/** Processor time of a start before it has run what it needs often, ms. */
const START_MS = 300;
/** To read a byte of the checkpoint store, ms. */
const BYTE_MS = 25e-6;
/** To restore a value, ms; a sensor has about five. */
const VALUE_MS = 0.6;

/** Values of a sensor in a checkpoint, about. */
const SENSOR_VALUES = 5;

/** Processor time to restore a checkpoint on the development machine, ms. */
export function restoreCost(bytes: number, values: number): number {
  return START_MS + BYTE_MS * bytes + VALUE_MS * values;
}

/** The part of it that a sensor adds, ms. */
export function sensorRestoreCost(bytes: number): number {
  return BYTE_MS * bytes + VALUE_MS * SENSOR_VALUES;
}
