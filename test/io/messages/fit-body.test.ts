import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../src/core/alerts/alert-event.ts";
import { KeyTable } from "../../../src/core/key-table.ts";
import type { EnginePlan } from "../../../src/engine/plan.ts";
import { alertBody } from "../../../src/io/messages/alert-body.ts";
import type { AlertBody } from "../../../src/io/messages/alert-schema.ts";
import { MAX_BODY_BYTES } from "../../../src/io/messages/fit-body.ts";
import { detectorPlan, episodeOf, evidenceOf, planOf } from "../../backtest/support.ts";
import { parseMessage } from "../../support/parse-message.ts";

const start = Date.UTC(2013, 11, 2, 21, 10);

/** The message about a reading with these columns, all of which the detector looks at. */
function bodyOf(
  columns: readonly string[],
  told: { sensor?: string; detector?: string; rule?: string; labels?: Record<string, string> } = {},
  explanation: Partial<Evidence["explanation"]> = {},
): AlertBody {
  const detector = detectorPlan(told.detector ?? "anomaly");
  const plan: EnginePlan = {
    ...planOf([
      {
        ...detector,
        inputs: columns.map((_, i) => i),
        inputNames: columns,
        alerts: { ...detector.alerts, labels: told.labels ?? {} },
      },
    ]),
    columns,
  };
  const keys = new KeyTable();
  keys.intern(told.sensor ?? "pump-1");
  const values = Float64Array.from(columns, (_, i) => i / 3);
  const peak = evidenceOf({
    reading: values,
    features: values,
    explanation: { ...evidenceOf().explanation, rule: told.rule ?? null, ...explanation },
  });
  const event = {
    id: "m".repeat(32),
    status: "firing" as const,
    timestamp: start,
    severity: "critical" as const,
    previousSeverity: null,
    suppressed: 0,
    episode: episodeOf(start, start, { peak, resolvedAt: Number.NaN }),
  };
  return alertBody(event, plan, keys);
}

const bytes = (body: AlertBody): number => Buffer.byteLength(JSON.stringify(body));
const contributionOf = (input: number) => ({
  input,
  value: 1 / 3,
  typical: 2 / 3,
  low: -1 / 3,
  high: 1e-17,
  side: "high" as const,
  share: 0.2,
});

const character = fc.constantFrom(
  "a",
  "é",
  "漢",
  "🌡",
  "👩‍🔧",
  '"',
  "\\",
  "\n",
  "\u0001",
  "\ud83d",
  " ",
);
const name = (most: number) =>
  fc
    .tuple(fc.array(character, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: most }))
    .map(([some, times]) => some.join("").repeat(times));

describe("a message", () => {
  it("has at most 20 kB, is valid, and counts what it omits, for any names", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name(300), { minLength: 1, maxLength: 60, size: "max" }),
        fc.record({
          sensor: name(60),
          detector: name(500),
          rule: name(500),
          labels: fc.dictionary(
            fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,39}$/),
            fc.stringMatching(/^[漢🌡"\\]{1,50}$/u),
            { maxKeys: 20, size: "max" },
          ),
        }),
        fc.nat(59),
        fc.nat(60),
        (columns, told, most, novel) => {
          const input = (i: number): number => (i * 7) % columns.length;
          const body = bodyOf(columns, told, {
            contributions: [0, 1, 2, 3, 4].map((i) => contributionOf(input(i + most))),
            novel: columns.slice(0, novel).map((_, i) => i),
          });
          const json = JSON.stringify(body);
          expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_BODY_BYTES);
          expect(parseMessage(json)).toEqual(body);
          expect(body.labels).toEqual(told.labels);
          const cut = new Set(body.truncated);
          expect(cut.has("features")).toBe(Object.keys(body.features).length < columns.length);
          expect(cut.has("reading")).toBe(Object.keys(body.reading).length < columns.length);
          expect(cut.has("explanation.contributions")).toBe(
            body.explanation.contributions.length < 5,
          );
          expect(cut.has("detector")).toBe(body.detector !== told.detector);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is complete if it fits", () => {
    const columns = Array.from({ length: 350 }, (_, i) => `column_${i}`);
    const body = bodyOf(columns);
    expect(bytes(body)).toBeGreaterThan(15_000);
    expect(body.truncated).toEqual([]);
    expect(Object.keys(body.reading)).toEqual(columns);
  });

  it("keeps the most important of 10,000 columns, and uses the full size", () => {
    const columns = Array.from({ length: 10_000 }, (_, i) => `column_${i}`);
    const contributions = [9000, 9500].map(contributionOf);
    const body = bodyOf(columns, {}, { contributions, novel: [9999] });
    expect(body.truncated).toEqual(["features", "reading"]);
    expect(Object.keys(body.features).slice(-3)).toEqual([
      "column_9000",
      "column_9500",
      "column_9999",
    ]);
    expect(Object.keys(body.features).slice(0, 3)).toEqual(["column_0", "column_1", "column_2"]);
    expect(bytes(body)).toBeGreaterThan(MAX_BODY_BYTES - 200);
    expect(bytes(body)).toBeLessThanOrEqual(MAX_BODY_BYTES);
  });

  it("skips a column whose name alone is too long", () => {
    const body = bodyOf(["x".repeat(30_000), "value"]);
    expect(body.features).toEqual({ value: 1 / 3 });
    expect(body.truncated).toContain("features");
  });
});
