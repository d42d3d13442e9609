import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pl from "nodejs-polars";

/** Names of the files that {@link writeRecordings} makes: one recording in every format. */
export const RECORDINGS = [
  "history.csv",
  "history.jsonl",
  "history.csv.gz",
  "history.jsonl.gz",
  "history.keyvalue",
  "history.keyvalue.gz",
  "history.influx",
  "history.influx.gz",
  "history.parquet",
] as const;

/** A reading in the files; null is missing. */
export interface WrittenReading {
  readonly timestamp: string;
  readonly sensor_id: string;
  readonly temperature: number | null;
  readonly humidity: number | null;
  readonly note: string | null;
  readonly anomaly: number;
}

/** A recording of three sensors with gaps, a spike and every kind of column. */
export function sampleReadings(rows: number): readonly WrittenReading[] {
  return Array.from({ length: rows }, (_, i) => ({
    timestamp: new Date(Date.UTC(2026, 0, 1) + i * 1250).toISOString(),
    sensor_id: `sensor ${i % 3}`,
    temperature: i % 17 === 3 ? null : 20 + Math.sin(i / 50) + ((i * 7919) % 101) / 100,
    humidity: 40 + ((i * 104_729) % 997) / 7 + (i % 500 === 499 ? 300 : 0),
    note: i % 5 === 0 ? null : `note ${i % 11}`,
    anomaly: i % 500 === 499 ? 1 : 0,
  }));
}

/** Writes {@link RECORDINGS}, all with the same readings. */
export async function writeRecordings(
  folder: string,
  readings: readonly WrittenReading[],
): Promise<void> {
  const lines = readings.map((reading) => Object.values(reading).join(","));
  const csv = `timestamp,sensor_id,temperature,humidity,note,anomaly\n${lines.join("\n")}\n`;
  const jsonl = readings.map((reading) => `${JSON.stringify(reading)}\n`).join("");
  await writeFile(join(folder, "history.csv"), csv);
  await writeFile(join(folder, "history.jsonl"), jsonl);
  await writeFile(join(folder, "history.csv.gz"), gzipSync(csv));
  await writeFile(join(folder, "history.jsonl.gz"), gzipSync(jsonl));
  for (const [format, line] of [
    ["keyvalue", keyvalueLine],
    ["influx", influxLine],
  ] as const) {
    const text = readings.map((reading) => `${line(reading)}\n`).join("");
    await writeFile(join(folder, `history.${format}`), text);
    await writeFile(join(folder, `history.${format}.gz`), gzipSync(text));
  }
  pl.DataFrame({
    ...columnsOf(readings),
    timestamp: readings.map(({ timestamp }) => new Date(timestamp)),
  }).writeParquet(join(folder, "history.parquet"));
}

function keyvalueLine({ sensor_id, note, ...others }: WrittenReading): string {
  const { timestamp, temperature, humidity, anomaly } = others;
  const numbers = `temperature: ${temperature ?? ""}, humidity: ${humidity} %, note="${note ?? ""}"`;
  return `timestamp=${timestamp}, sensor_id="${sensor_id}", ${numbers}, anomaly=${anomaly}`;
}

function influxLine({ sensor_id, note, ...others }: WrittenReading): string {
  const { timestamp, temperature, humidity, anomaly } = others;
  const warm = temperature === null ? "" : `temperature=${temperature},`;
  const fields = `${warm}humidity=${humidity},note="${note ?? ""}",anomaly=${anomaly}i`;
  const tag = sensor_id.replaceAll(" ", "\\ ");
  return `room,sensor_id=${tag} ${fields} ${Date.parse(timestamp)}000000`;
}

function columnsOf(readings: readonly WrittenReading[]): Record<string, unknown[]> {
  const names = Object.keys(readings[0] ?? {}) as (keyof WrittenReading)[];
  return Object.fromEntries(names.map((name) => [name, readings.map((reading) => reading[name])]));
}
