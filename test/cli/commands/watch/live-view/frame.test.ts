import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutFrame } from "../../../../../src/cli/commands/watch/live-view/frame.ts";
import type {
  SensorLine,
  SourceLine,
} from "../../../../../src/cli/commands/watch/live-view/sensor-line.ts";
import { cellWidth } from "../../../../../src/cli/render/cells.ts";
import { SEVERITIES } from "../../../../../src/core/alerts/severity.ts";
import { UTC_TIMES } from "../../../../../src/core/timestamp/time-display.ts";

const NOW = Date.UTC(2026, 2, 1, 14, 3, 22);
const plain = new Chalk({ level: 0 });
const colored = new Chalk({ level: 1 });

function sensor(name: string, changes: Partial<SensorLine> = {}): SensorLine {
  return {
    ...{ name, state: { kind: "ok" }, score: 0.21, bars: [0.1, 0.6, 0.2], today: 0 },
    values: [
      { name: "temperature", value: 23.4, unit: "°C" },
      { name: "humidity", value: 45.125, unit: "" },
    ],
    ...{ lastAt: NOW, alarmAt: Number.NEGATIVE_INFINITY },
    ...changes,
  };
}

function source(label: string, changes: Partial<SourceLine> = {}): SourceLine {
  return {
    ...{ label, isUp: true, since: NOW - 60_000, readingsPerSecond: 12.3 },
    ...{ rejected: 3, dropped: 0, ...changes },
  };
}

function frame(
  sensors: readonly SensorLine[],
  sources: readonly SourceLine[],
  width = 80,
  height = 18,
  clocks: readonly string[] = [],
): string[] {
  const model = {
    ...{ name: "room", sensors, sources, clocks, newestAt: NOW, nowMs: NOW },
    times: UTC_TIMES,
  };
  return layoutFrame(model, width, height, plain);
}

const states = fc.oneof(
  fc.record({
    kind: fc.constantFrom("alarm", "silent"),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  fc.record({ kind: fc.constantFrom("anomalous", "ok", "idle") }),
  fc.record({ kind: fc.constant("warming"), seen: fc.nat(5000), wanted: fc.nat(5000) }),
) as fc.Arbitrary<SensorLine["state"]>;
const text = fc.string({ unit: "binary", maxLength: 30 });
const ratios = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN));
const sensors: fc.Arbitrary<SensorLine> = fc.record({
  ...{ name: text, state: states, score: ratios, today: fc.nat() },
  values: fc.array(
    fc.record({
      name: text,
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      unit: text,
    }),
  ),
  bars: fc.array(ratios, { maxLength: 60 }),
  ...{ lastAt: fc.constantFrom(NOW, Number.NaN), alarmAt: fc.constant(NOW) },
});
const sources: fc.Arbitrary<SourceLine> = fc.record({
  ...{ label: text, isUp: fc.constantFrom(true, false, null), since: fc.constant(NOW - 1e8) },
  readingsPerSecond: fc.double({ min: 0, max: 1e6, noNaN: true }),
  ...{ rejected: fc.nat(), dropped: fc.nat() },
});

describe("layoutFrame", () => {
  it("fits the width and the height of the terminal", () => {
    fc.assert(
      fc.property(
        fc.record({
          name: text,
          sensors: fc.array(sensors, { maxLength: 60 }),
          sources: fc.array(sources, { maxLength: 8 }),
          clocks: fc.constantFrom([], ["1 clock step", "2 clocks ahead"]),
          newestAt: fc.constantFrom(NOW, Number.NEGATIVE_INFINITY),
          nowMs: fc.constant(NOW),
          times: fc.constant(UTC_TIMES),
        }),
        fc.integer({ min: 0, max: 220 }),
        fc.nat(60),
        (model, width, height) => {
          const lines = layoutFrame(model, width, height, plain);
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) {
            expect(cellWidth(line)).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
          const painted = layoutFrame(model, width, height, colored);
          expect(painted.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(
            lines.map((line) => line.trimEnd()),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("shows state, values with units, score, history and alarms of today", () => {
    const [title, heading, hot, cold, port] = frame(
      [
        sensor("pump-1", {
          state: { kind: "alarm", severity: "critical" },
          ...{ score: 0.93, today: 2 },
        }),
        sensor("s2", {
          state: { kind: "warming", seen: 143, wanted: 200 },
          ...{ score: Number.NaN, bars: [] },
        }),
      ],
      [source("/dev/ttyUSB0")],
      120,
    );
    expect(title).toBe("room: 2 sensors, 1 critical, 1 warming · 2026-03-01 14:03:22 UTC");
    expect(heading).toMatch(/^STATE +SENSOR +VALUES +SCORE +HISTORY +TODAY$/);
    expect(hot).toMatch(
      /^critical +pump-1 +temperature 23\.4 °C {2}humidity 45\.125 +█████ 0\.93 {2}▁▅▂ +2$/,
    );
    expect(cold).toMatch(/^warming 143\/200 +s2 +temperature 23\.4 °C .* ░░░░░ {4}– +–$/);
    expect(port).toBe("/dev/ttyUSB0 up since 14:02:22 · 12 readings/s · 3 rejected · 0 dropped");
  });

  it("counts messages about clocks in its title", () => {
    const [title] = frame([sensor("s1")], [], 120, 18, ["1 clock step", "2 clocks ahead"]);
    expect(title).toMatch(/ UTC · 1 clock step · 2 clocks ahead$/);
  });

  it("shows since when a sensor is silent", () => {
    const state = { kind: "silent", severity: "warning" } as const;
    const [, , line] = frame([sensor("s1", { state, lastAt: NOW - 1000 })], []);
    expect(line).toMatch(/^silent +s1 +at 14:03:21: temp 23\.4 °C {2}/);
  });

  it("counts the sensors that do not fit, by state", () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      sensor(`s${i}`, i < 190 ? {} : { state: { kind: "warming", seen: 1, wanted: 9 } }),
    );
    const lines = frame(many, [source("-")]);
    expect(lines).toHaveLength(18);
    expect(lines.slice(2, 16).every((line) => line.startsWith("ok "))).toBe(true);
    expect(lines.at(-2)).toBe("and 186 more: 10 warming, 176 ok");
    expect(lines.at(-1)).toMatch(/^- up since/);
  });

  it("shows sources that are down first, with the date if it is not today", () => {
    const down = source("c", { isUp: false, since: NOW - 86_400_000 });
    const lines = frame([sensor("s1")], [source("a"), source("b"), down], 80, 9);
    expect(lines.slice(-2)).toEqual([
      "c down since 2026-02-28 14:03:22 · 12 readings/s · 3 rejected · 0 dropped",
      "and 2 more sources",
    ]);
  });

  it("omits the least important columns in a narrow terminal", () => {
    const heads = [120, 72, 52, 40, 30].map((width) => frame([sensor("pump-1")], [], width)[1]);
    expect(heads.map((head) => head?.split(/ {2,}/))).toEqual([
      ["STATE", "SENSOR", "VALUES", "SCORE", "HISTORY", "TODAY"],
      ["STATE", "SENSOR", "VALUES", "SCORE", "HISTORY", "TODAY"],
      ["STATE", "SENSOR", "VALUES", "SCORE", "TODAY"],
      ["STATE", "SENSOR", "VALUES", "SCORE"],
      ["STATE", "SENSOR", "VALUES"],
    ]);
  });

  it("shows that it waits for readings", () => {
    expect(frame([], [source("-", { isUp: null, readingsPerSecond: 0 })])).toEqual([
      "room: waiting for readings",
      "- opening · 0.0 readings/s · 3 rejected · 0 dropped",
    ]);
  });
});
