import { Random } from "../support/random.ts";

/** A pipeline of rules and a detector, whose alerts go to two webhooks. */
export const KILN = `version: 1
name: kiln
buffer:
  schema: { timestamp: datetime, sensor_id: str, temperature: float, humidity: float }
  key: sensor_id
  max_rows: 400
features:
  - { name: temp_mean_10, column: temperature, function: mean, window: 10 }
  - { name: temp_std_30s, column: temperature, function: std, window: 30s }
  - { name: humid_median_15, column: humidity, function: median, window: 15 }
detectors:
  - { name: odd, algorithm: ecod, features: [temperature, temp_mean_10, humid_median_15], warmup_period: 60 }
  - { name: hot, algorithm: threshold, when: temperature > 40, severity: critical }
  - { name: long_hot, algorithm: threshold, when: temp_mean_10 > 30, alerts: { for: 3s } }
  - { name: quiet, algorithm: silent, after: 30d }
alerts: { cooldown: 20s, resolve_after: 3, labels: { site: north } }
`;

const RETRY = "retry: { schedule: [1s], max_age: 36500d }"; // the fixtures grow old

/** Webhooks of {@link KILN}; the addresses are taken from the environment. */
export const SINKS = `sinks:
  - { type: webhook, name: hook, url: "\${HOOK_URL}", ${RETRY} }
  - { type: webhook, name: picky, url: "\${PICKY_URL}", min_severity: critical, ${RETRY} }
`;

/** One reading. */
export interface Reading {
  readonly timestamp: string;
  readonly sensor_id: string;
  readonly temperature: number | null;
  readonly humidity: number;
}

/** Readings number `from` to `to` of two sensors, one per second, with a hot spell every 83 readings. */
export function readings(from: number, to: number): Reading[] {
  return Array.from({ length: to - from }, (_, k) => {
    const i = from + k;
    const random = new Random(1000 + i);
    const temperature = (i % 83 > 74 ? 47 : 22) + random.normal() / 2;
    return {
      timestamp: new Date(Date.UTC(2026, 0, 1) + 1000 * i).toISOString(),
      sensor_id: `k-${i % 2}`,
      temperature: i % 29 === 7 ? null : Number(temperature.toFixed(2)),
      humidity: Number((45 + random.normal()).toFixed(2)),
    };
  });
}

/** Readings as JSON Lines. */
export function lines(from: number, to: number): string {
  return readings(from, to)
    .map((reading) => `${JSON.stringify(reading)}\n`)
    .join("");
}
