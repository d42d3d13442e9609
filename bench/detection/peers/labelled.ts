import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { asFlag, columnOf, readTable } from "../table-file.ts";

/** From the first to the last moment, ms since epoch. */
export type Span = readonly [from: number, to: number];

/** A recording of one sensor with labelled events. */
export interface Labelled {
  /** Below the folder of the data, and of a peer's scores: `nab/realKnownCause/nyc_taxi.csv`. */
  readonly name: string;
  readonly file: string;
  /** Of its readings, ms since epoch. */
  readonly times: readonly number[];
  readonly events: readonly Span[];
}

/** Labelled recordings of the Numenta Anomaly Benchmark. */
export function nabRecordings(data: string): Labelled[] {
  const labels = join(data, "nab/labels/combined_windows.json");
  if (!existsSync(labels)) return [];
  const windows: Record<string, [string, string][]> = JSON.parse(readFileSync(labels, "utf8"));
  const files = globSync("*/*.csv", { cwd: join(data, "nab/data") }).sort();
  return files.flatMap((name) => {
    const events = windows[name]?.map(([from, to]): Span => [timeOf(from), timeOf(to)]);
    if (events === undefined) return [];
    const file = join(data, "nab/data", name);
    const times = columnOf(readTable(file), "timestamp", file).map(timeOf);
    return [{ name: join("nab", name), file, times, events }];
  });
}

/** Recordings of the Skoltech Anomaly Benchmark: an event is a run of readings with the flag `anomaly`. */
export function skabRecordings(data: string): Labelled[] {
  const files = globSync("{valve1,valve2,other}/*.csv", { cwd: join(data, "skab") }).sort();
  return files.map((name) => {
    const file = join(data, "skab", name);
    const table = readTable(file, ";");
    const times = columnOf(table, "datetime", file).map(timeOf);
    return {
      name: join("skab", name),
      file,
      times,
      events: runsOf(times, columnOf(table, "anomaly", file)),
    };
  });
}

function runsOf(times: readonly number[], flags: readonly string[]): Span[] {
  const isOn = (row: number): boolean => asFlag(flags[row] ?? "") === 1;
  const starts = [...times.keys()].filter((row) => isOn(row) && !isOn(row - 1));
  return starts.map((start): Span => {
    let end = start;
    while (isOn(end + 1)) end += 1;
    return [times[start] as number, times[end] as number];
  });
}

/** @throws {Error} If the text is no time. */
function timeOf(text: string): number {
  const time = Date.parse(`${text.replace(" ", "T")}Z`);
  if (Number.isNaN(time)) throw new Error(`"${text}" is no time`);
  return time;
}
