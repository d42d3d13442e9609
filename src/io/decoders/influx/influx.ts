import { lineDecoder } from "../lines/line-decoder.ts";
import type { LineContext, LineOutcome, LineReader } from "../lines/line-format.ts";
import type { BatchBuilder } from "../rows/batch-builder.ts";
import { isNumeric } from "../rows/cell.ts";
import { type RowFault, RowReader } from "../rows/row-reader.ts";
import { parsePoint } from "./parse-point.ts";
import { PointCells } from "./point-cells.ts";
import { isPointLine, isSkipped, lineFault } from "./point-line.ts";
import { type InfluxProfile, profileInflux } from "./profile.ts";

const DOT = 46;
const MAX_SHOWN = 60;

/** The line protocol of InfluxDB, as Telegraf writes it. */
export const influx = lineDecoder({
  name: "influx",
  summary: "the line protocol of InfluxDB and Telegraf",
  expected:
    "Expected InfluxDB line protocol: weather,place=roof temp=21.5,hum=40i 1767225600000000000",
  kindOf: (line) => (isPointLine(line) && looksLikePoint(line) ? "point" : null),
  profile: (lines, input, options) => profileInflux(lines, input, options),
  reader: (profile, context) => new InfluxLineReader(profile, context),
});

/** Whether a line is a point with a number, and not a line of names and values. */
function looksLikePoint(line: string): boolean {
  const point = parsePoint(line);
  if ("wrong" in point || /[=:]/.test(point.measurement)) return false;
  return point.fields.some(({ value }) => isNumeric(value, DOT));
}

class InfluxLineReader implements LineReader {
  readonly #rows: RowReader;
  readonly #cells: PointCells;
  readonly #measurements: ReadonlySet<string>;

  constructor({ columns, parts, measurements }: InfluxProfile, context: LineContext) {
    this.#rows = new RowReader(
      { columns, header: null, decimalMark: DOT },
      { ...context, startMs: 0 },
    );
    this.#cells = new PointCells(parts);
    this.#measurements = new Set(measurements);
  }

  read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome {
    if (isSkipped(text)) return "none";
    const fault = lineFault(text) ?? this.#read(text, number, arrivalMs, batch);
    if (fault !== null) return fault;
    batch.length += 1;
    return "row";
  }

  #read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): RowFault | null {
    const point = parsePoint(text);
    if ("wrong" in point) return { reason: "not line protocol", detail: point.wrong };
    if (!this.#measurements.has(point.measurement)) {
      const name = JSON.stringify(point.measurement.slice(0, MAX_SHOWN));
      const detail = `measurement ${name} does not occur in the first lines`;
      return { reason: "other measurement", detail };
    }
    return this.#rows.read(this.#cells.of(point), number, batch, arrivalMs);
  }
}
