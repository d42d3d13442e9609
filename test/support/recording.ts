import { Random } from "./random.ts";

/** A made-up recording: two sensors, a reading a minute each, now and then a jump. */
export interface RecordingShape {
  readonly rows: number;
  readonly seed?: number;
  /** Adds a column `anomaly`: 1 at a jump, else 0. */
  readonly labelled?: boolean;
  /** 0-based numbers of rows; their values jump for six rows. */
  readonly jumps?: readonly number[];
}

const JUMP_ROWS = 6;
const START = Date.UTC(2024, 2, 1);

/** The lines of a CSV file with columns time, device, temperature, pressure; the heading first. */
export function recordingLines({ rows, seed = 1, labelled, jumps = [] }: RecordingShape): string[] {
  const random = new Random(seed);
  const lines = [`time,device,temperature,pressure${labelled ? ",anomaly" : ""}`];
  for (let i = 0; i < rows; i++) {
    const jump = jumps.some((at) => i >= at && i < at + JUMP_ROWS);
    const time = new Date(START + 30_000 * i).toISOString();
    const temperature = (20 + random.normal() + (jump ? 25 : 0)).toFixed(3);
    const pressure = (1000 + 3 * random.normal()).toFixed(2);
    const label = labelled ? `,${Number(jump)}` : "";
    lines.push(`${time},pump-${1 + (i % 2)},${temperature},${pressure}${label}`);
  }
  return lines;
}

/** The same as the text of a file. */
export function recording(shape: RecordingShape): string {
  return `${recordingLines(shape).join("\n")}\n`;
}
