import { Random } from "../../support/random.ts";

/** A reading, generated or read from a file. */
export interface Reading {
  /** Ms since epoch. */
  readonly time: number;
  readonly sensor: string;
  /** By quantity; NaN is missing. Generated ones have at most two decimals. */
  readonly values: Readonly<Record<string, number>>;
}

/** Readings in the order of their times. */
export interface Recording {
  readonly sensors: readonly string[];
  readonly quantities: readonly string[];
  readonly readings: readonly Reading[];
}

/** Day 13, so that day and month differ, shortly before midnight. */
export const START = Date.UTC(2026, 2, 13, 22);
const STEP_MS = 60_000;
const ROWS = 260;
const FAULT_ROW = 240;

/** What a recording is like. */
export interface RecordingOptions {
  readonly sensors: readonly string[];
  /** By default temperature and speed. */
  readonly quantities?: readonly string[];
  /** Share of missing temperatures. */
  readonly missing?: number;
}

/** Level and noise of each quantity; speed is above 1000, so that it may have thousands separators. */
const LEVELS: Readonly<Record<string, readonly [level: number, noise: number]>> = {
  temperature: [21.4, 0.4],
  speed: [1480, 12],
};

/** The same recording for the same options: noise, and a fault of a few readings in the last sensor. */
export function createRecording(options: RecordingOptions): Recording {
  const { sensors, quantities = ["temperature", "speed"], missing = 0 } = options;
  const random = new Random(20_260_313);
  const draw = (quantity: string, row: number, isLast: boolean): number => {
    const [level, noise] = LEVELS[quantity] ?? [50, 1];
    const fault = isLast && row >= FAULT_ROW && row < FAULT_ROW + 5 ? noise * 30 : 0;
    const value = level + noise * random.normal() + fault;
    const isMissing = random.uniform() < missing && quantity === "temperature" && row > 0;
    return isMissing ? Number.NaN : Math.round(value * 100) / 100;
  };
  const readings = Array.from({ length: ROWS }, (_, row) =>
    sensors.map((sensor, i): Reading => {
      const values = quantities.map((quantity) => {
        return [quantity, draw(quantity, row, i === sensors.length - 1)] as const;
      });
      return { time: START + row * STEP_MS, sensor, values: Object.fromEntries(values) };
    }),
  ).flat();
  return { sensors, quantities, readings };
}
