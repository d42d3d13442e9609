import { describe, expect, it } from "vitest";
import type { SensorLine } from "../../../../../src/cli/commands/watch/live-view/sensor-line.ts";
import { valuesWriter } from "../../../../../src/cli/commands/watch/live-view/values-text.ts";
import { UTC_TIMES } from "../../../../../src/core/timestamp/time-display.ts";

function sensor(values: SensorLine["values"], changes: Partial<SensorLine> = {}): SensorLine {
  return {
    ...{ name: "s1", state: { kind: "ok" }, lastAt: Number.NaN, score: 0, bars: [] },
    ...{ today: 0, alarmAt: Number.NEGATIVE_INFINITY, values, ...changes },
  };
}

function written(line: SensorLine, width: number): string {
  return valuesWriter([line], width, UTC_TIMES)(line);
}

describe("values of a sensor", () => {
  const room = sensor([
    { name: "temperature", value: 23.4, unit: "°C" },
    { name: "humidity", value: 45.125, unit: "%" },
    { name: "co2", value: 1234567, unit: "" },
  ]);

  it("have full names and units if they fit", () => {
    expect(written(room, 80)).toBe("temperature 23.4 °C  humidity 45.125 %  co2 1234600");
  });

  it("have short names in less space, and never a cut number", () => {
    expect(written(room, 45)).toBe("temp 23.4 °C  humi 45.125 %  co2 1234600");
    expect(written(room, 40)).toBe("temp 23.4 °C  humi 45.125 %  co2 1234600");
    expect(written(room, 39)).toBe("temp 23.4 °C  humi 45.125 %  …");
    expect(written(room, 29)).toBe("temp 23.4 °C  …");
  });

  it("have longer names where short ones would be equal", () => {
    const pair = sensor([
      { name: "temp_inside", value: 1, unit: "" },
      { name: "temp_outside", value: 2, unit: "" },
    ]);
    expect(written(pair, 20)).toBe("temp_i 1  temp_o 2");
  });

  it("show their time when a sensor is silent", () => {
    const state = { kind: "silent", severity: "warning" } as const;
    const lastAt = Date.UTC(2026, 2, 1, 9, 13, 19);
    const silent = sensor([{ name: "t", value: 1, unit: "" }], { state, lastAt });
    expect(written(silent, 80)).toBe("at 09:13:19: t 1");
  });
});
