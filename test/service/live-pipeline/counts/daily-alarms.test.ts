import { describe, expect, it } from "vitest";
import type { AlertEvent } from "../../../../src/core/alerts/alert-event.ts";
import { DailyAlarms } from "../../../../src/service/live-pipeline/counts/daily-alarms.ts";
import { StateMachine } from "../../../../src/service/state-machine.ts";
import { episodeOf } from "../../../backtest/support.ts";
import { putRoom } from "../../../support/live-pipeline.ts";

const DAY = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

function event(
  key: number,
  timestamp: number,
  status: AlertEvent["status"] = "firing",
): AlertEvent {
  return {
    ...{ id: "m", status, timestamp, severity: "warning", previousSeverity: null, suppressed: 0 },
    episode: episodeOf(timestamp, timestamp, { key }),
  };
}

describe("AlarmDays", () => {
  it("counts the alarms of a sensor and a day by the time of the alarm", () => {
    const alarms = new DailyAlarms();
    alarms.count([event(0, DAY + 1000), event(0, DAY + DAY_MS - 1), event(7, DAY)]);
    alarms.count([event(0, DAY, "repeated"), event(0, DAY, "resolved")]);
    expect(alarms.on(0, DAY)).toBe(2);
    expect(alarms.on(7, DAY)).toBe(1);
    expect(alarms.on(1, DAY)).toBe(0);
    expect(alarms.on(0, DAY + DAY_MS)).toBe(0);
    alarms.count([event(0, DAY + DAY_MS), event(0, DAY)]); // the last one is late: that day is over
    expect(alarms.on(0, DAY + DAY_MS + 5)).toBe(1);
    expect(alarms.lastAt(0)).toBe(DAY + DAY_MS);
    expect(alarms.lastAt(1)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("does not count alarms of history rows", () => {
    const machine = new StateMachine();
    putRoom(machine);
    const { pipeline } = machine.pipeline("room");
    const key = pipeline.keys.intern("s1");
    const command = (atMs: number, quiet: boolean) => {
      const batch = {
        ...{ length: 1, timestamps: Float64Array.of(atMs), keys: Uint32Array.of(key), source: 0 },
        columns: [Float64Array.of(50), Float64Array.of(45)],
        ...{ labels: [], texts: [], rows: Uint32Array.of(1) },
      };
      const rows = { batch, sensors: pipeline.keys.names };
      const progress = { position: null, skip: 0, rows: 1 };
      const about = { name: "room", source: "s", progress, rows, quiet };
      machine.execute({ kind: "append_batch", ...about });
    };
    command(DAY, true);
    expect(pipeline.openEpisodes()).toHaveLength(1);
    expect(pipeline.alarms.on(key, DAY)).toBe(0);
  });
});
