import type { Point } from "./parse-point.ts";

/** Name of the column that identifies the series. */
export const SERIES = "series";

/** The cells of a record, in this order: timestamp, series, tags, fields. */
export interface PointParts {
  readonly timestamp: boolean;
  readonly series: boolean;
  /** Names of tags. */
  readonly tags: readonly string[];
  readonly fields: readonly string[];
}

/** Converts points to the cells of records. */
export class PointCells {
  readonly #timestamp: number;
  readonly #series: number;
  readonly #tags: ReadonlyMap<string, number>;
  readonly #fields: ReadonlyMap<string, number>;
  readonly #width: number;

  constructor({ timestamp, series, tags, fields }: PointParts) {
    this.#timestamp = timestamp ? 0 : -1;
    this.#series = series ? Number(timestamp) : -1;
    const before = Number(timestamp) + Number(series);
    this.#tags = new Map(tags.map((name, i) => [name, before + i]));
    this.#fields = new Map(fields.map((name, i) => [name, before + tags.length + i]));
    this.#width = before + tags.length + fields.length;
  }

  /** The cells of a point; "" for a missing part. O(parts + columns). */
  of(point: Point): string[] {
    const cells = new Array<string>(this.#width).fill("");
    if (this.#timestamp >= 0) cells[this.#timestamp] = point.timestamp ?? "";
    if (this.#series >= 0) cells[this.#series] = seriesOf(point);
    for (const { name, value } of point.tags) put(cells, this.#tags.get(name), value);
    for (const { name, value } of point.fields) put(cells, this.#fields.get(name), value);
    return cells;
  }
}

function put(cells: string[], place: number | undefined, value: string): void {
  if (place !== undefined) cells[place] = value;
}

/** Measurement and tags of a point, tags by name, which InfluxDB calls a series: `cpu,cpu=cpu0,host=a`. */
function seriesOf({ measurement, tags }: Point): string {
  const parts = tags.map(({ name, value }) => `${name}=${value}`).sort();
  return [measurement, ...parts].join(",");
}
