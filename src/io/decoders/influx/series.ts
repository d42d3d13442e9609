import type { Point } from "./parse-point.ts";

/** Name of the column that tells series apart. */
export const SERIES = "series";

/** Measurement and tags of a point, tags by name: what InfluxDB calls a series. `cpu,cpu=cpu0,host=a`. */
export function seriesOf({ measurement, tags }: Point): string {
  const parts = tags.map(({ name, value }) => `${name}=${value}`).sort();
  return [measurement, ...parts].join(",");
}
