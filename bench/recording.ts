import { closeSync, openSync, writeSync } from "node:fs";
import { Random } from "../test/support/random.ts";

const SENSORS = 8;
const START_MS = Date.UTC(2026, 0, 1);
const STEP_MS = 1000;
const CHUNK = 1 << 20; // characters

/**
 * Writes a recording as CSV: an ISO 8601 timestamp, a sensor, and three columns of slowly moving values
 * with noise and rare spikes. About 54 bytes per row; the same on every machine.
 *
 * @param sensors Sensors that take turns.
 */
export function writeRecording(path: string, rows: number, sensors = SENSORS): void {
  const random = new Random(1);
  const levels = new Float64Array(sensors);
  const file = openSync(path, "w");
  let chunk = "timestamp,sensor_id,temperature,humidity,pressure\n";
  for (let row = 0; row < rows; row++) {
    const sensor = row % sensors;
    const level = 0.99 * (levels[sensor] as number) + 0.14 * random.normal();
    levels[sensor] = level;
    const spike = random.uniform() < 1e-4 ? 15 : 0;
    const time = new Date(START_MS + Math.floor(row / sensors) * STEP_MS).toISOString();
    const temperature = (21 + sensor + level + 0.2 * random.normal() + spike).toFixed(2);
    const humidity = (45 - 2 * level + random.normal()).toFixed(2);
    const pressure = (1013 + 0.5 * random.normal()).toFixed(2);
    chunk += `${time},sensor-${sensor},${temperature},${humidity},${pressure}\n`;
    if (chunk.length >= CHUNK) {
      writeSync(file, chunk);
      chunk = "";
    }
  }
  writeSync(file, chunk);
  closeSync(file);
}
