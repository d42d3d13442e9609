import { describe, expect, it } from "vitest";
import { AlertLog } from "../../../../../src/http/page/client/alerts/alert-log.ts";
import type { AlertMessage, Sensor } from "../../../../../src/http/page/client/types.ts";

const at = (minute: number): string => new Date(1.7e12 + 60_000 * minute).toISOString();

function message(episode: string, changes: Partial<AlertMessage> = {}): AlertMessage {
  return {
    episode,
    sensor_id: "s1",
    detector: "d",
    severity: "warning",
    started_at: at(0),
    resolved_at: null,
    explanation: { summary: `s1: ${episode}`, contributions: [] },
    ...changes,
  };
}

function sensor(sensor_id: string, ...alerts: Sensor["alerts"]): Sensor {
  const progress = { observations_seen: 9, observations_needed: 0 };
  return { sensor_id, state: "ok", timestamp: null, ...progress, values: {}, alerts };
}

function open(episode: string, severity = "warning", minute = 0): Sensor["alerts"][number] {
  const words = { summary: episode, contributions: [] };
  return { episode, detector: "d", severity, started_at: at(minute), ...words };
}

const episodes = (log: AlertLog): string[] => log.list.map(({ episode }) => episode);

describe("the alerts of the page", () => {
  it("list open alerts first, by severity, then ended ones, the newest first", () => {
    const log = new AlertLog();
    log.addMessage(message("old", { resolved_at: at(1), severity: "critical" }));
    log.addMessage(message("newer", { started_at: at(2), resolved_at: at(3) }));
    log.update([sensor("s2", open("info", "info", 9)), sensor("s3", open("bad", "critical", 1))]);
    expect(episodes(log)).toEqual(["bad", "info", "newer", "old"]);
  });

  it("are new only once, whether the message or the sensor comes first", () => {
    const log = new AlertLog();
    expect(log.addMessage(message("a"))).toBe(true);
    expect(log.addMessage(message("a", { severity: "critical" }))).toBe(false);
    expect(log.update([sensor("s1", open("a"), open("b"))]).map((one) => one.episode)).toEqual([
      "b",
    ]);
    expect(log.addMessage(message("b"))).toBe(false);
    expect(log.addMessage(message("c", { resolved_at: at(5) }))).toBe(false);
  });

  it("end when no sensor has them, also without a message", () => {
    const log = new AlertLog();
    log.update([sensor("s1", open("a"))]);
    expect(log.list[0]).toMatchObject({ episode: "a", sensor: "s1", endedAt: null });
    log.update([sensor("s1")]);
    expect(log.list[0]).toMatchObject({ episode: "a", endedAt: "" });
    log.addMessage(message("a", { resolved_at: at(7) }));
    expect(log.list[0]).toMatchObject({ episode: "a", endedAt: at(7) });
  });

  it("are at most a hundred, and open ones stay", () => {
    const log = new AlertLog();
    log.update([sensor("s1", open("going on", "info", -5))]);
    for (let i = 0; i < 150; i++) {
      log.addMessage(message(`over ${i}`, { started_at: at(i), resolved_at: at(i + 1) }));
    }
    expect(log.list).toHaveLength(100);
    expect(episodes(log).slice(0, 2)).toEqual(["going on", "over 149"]);
  });
});
