import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createDetector, type DetectorEntry, type Observation } from "../../../../src/index.ts";

type Row = (number | null)[];

/** What the reference implementation says of the rows; lists of rows are sparse. */
interface Expected {
  raw_score: Row;
  w: Row;
  novelty: [row: number, nats: number][];
  column: [row: number, column: number][];
  top: [row: number, feature: number, nats: number, side: string][];
  anomalies: number[];
}

type Form = "exact" | "compact";

interface Vector {
  config: Record<string, unknown> & {
    n_features: number;
    columns: number[];
    raw_features: number[];
    contamination: number;
  };
  X: Row[];
  expected: Record<Form, Expected>;
  decimal?: { X: Row[]; expected: Record<Form, Expected> };
}

const folder = new URL("../../../../fixtures/golden/stream/", import.meta.url);
const files = readdirSync(folder).sort();

function load(file: string): Vector {
  return JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector;
}

function observe({ config }: Vector, reference: Form, rows: readonly Row[]): Observation[] {
  const { n_features, raw_features, ...settings } = config;
  const features = Array.from({ length: n_features }, (_, i) => `f${i}`);
  const novelty_features = raw_features;
  const entry = { ...settings, features, novelty_features, reference } as DetectorEntry;
  const detector = createDetector("ecod", entry);
  return rows.map((row) => detector.observe(row));
}

/** Relative or absolute 1e-9, as the vectors demand. */
function expectClose(got: number | null, wanted: number | null | undefined, where: string): void {
  if (got === null || wanted === null || wanted === undefined) {
    expect(got, where).toBe(wanted ?? null);
    return;
  }
  const tolerance = 1e-9 * Math.max(1, Math.abs(wanted));
  if (!(Math.abs(got - wanted) <= tolerance)) expect(got, where).toBe(wanted);
}

function compare(observed: Observation[], expected: Expected, contamination: number): void {
  const novelty = new Map(expected.novelty);
  const column = new Map(expected.column);
  const anomalies = new Set(expected.anomalies);
  for (const [row, got] of observed.entries()) {
    const where = `row ${row}`;
    const w = expected.w[row] ?? null;
    expectClose(got.raw_score, expected.raw_score[row], `${where} raw_score`);
    expectClose(got.w, w, `${where} w`);
    expectClose(got.p, w === null ? null : Math.exp(-w), `${where} p`);
    expectClose(got.novelty, novelty.get(row) ?? 0, `${where} novelty`);
    expect(got.column, `${where} column`).toBe(column.get(row) ?? null);
    const near = w !== null && Math.abs(Math.exp(-w) - contamination) <= 1e-9 * contamination;
    if (!near) expect(got.is_anomaly, where).toBe(anomalies.has(row));
  }
  for (const top of expected.top) compareTop(observed[top[0]] as Observation, top);
}

function compareTop(
  { contributions, sides }: Observation,
  [row, feature, nats, side]: Expected["top"][number],
): void {
  const ranked = contributions.map((c) => c ?? Number.NEGATIVE_INFINITY).sort((a, b) => b - a);
  expectClose(ranked[0] ?? null, nats, `row ${row} largest contribution`);
  if (Math.abs((ranked[0] ?? 0) - (ranked[1] ?? Number.NEGATIVE_INFINITY)) <= 1e-9) return;
  expect(contributions[feature], `row ${row} top feature`).toBe(ranked[0]);
  expect(sides[feature], `row ${row} side`).toBe(side);
}

describe.each<Form>(["exact", "compact"])("%s ECOD equals the reference implementation", (form) => {
  it.each(files)("%s", (file) => {
    const vector = load(file);
    const { contamination } = vector.config;
    compare(observe(vector, form, vector.X), vector.expected[form], contamination);
    const { decimal } = vector;
    if (decimal === undefined) return;
    const scores = observe(vector, form, decimal.X);
    compare(scores, decimal.expected[form], contamination);
  });

  it("has vectors to compare with", () => {
    expect(files.length).toBeGreaterThanOrEqual(12);
  });
});

it.each<Form>(["exact", "compact"])(
  "%s ECOD finds the same anomalies in integers and in the same numbers as decimals",
  (form) => {
    const vector = load("integer_decimal.json");
    const anomalies = (rows: readonly Row[]): number[] =>
      observe(vector, form, rows).flatMap(({ is_anomaly }, row) => (is_anomaly ? [row] : []));
    expect(vector.expected[form].anomalies.length).toBeGreaterThan(0);
    expect(anomalies(vector.decimal?.X ?? [])).toEqual(anomalies(vector.X));
  },
);
