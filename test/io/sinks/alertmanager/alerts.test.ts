import { describe, expect, it } from "vitest";
import { alertsOf } from "../../../../src/io/sinks/alertmanager/alerts.ts";
import { bodyOf } from "../../../support/messages.ts";

const now = Date.parse("2024-05-01T13:00:00.000Z");
const DAY = 86_400_000;

const states = (changes: Parameters<typeof bodyOf>[0], at = now) =>
  alertsOf(bodyOf(changes), at, DAY).map(({ labels, startsAt, endsAt }) => [
    labels["severity"],
    startsAt,
    endsAt,
  ]);

describe("alertsOf", () => {
  it("creates an alert that expires by itself", () => {
    expect(alertsOf(bodyOf({ severity: "warning" }), now, DAY)).toEqual([
      {
        labels: {
          team: "facilities",
          alertname: "anomaly",
          pipeline: "pumps",
          sensor: "pump-1",
          severity: "warning",
        },
        annotations: {
          summary: "pump-1: value 2.08 low (usually 71.3..98, typical 84.1), 1 in 4300 readings.",
          anomaly_score: "0.98",
          rarity: "1 in 4300",
          peak_at: "2024-05-01T12:05:00.000Z",
          episode: "e1",
          message: "m1",
        },
        startsAt: "2024-05-01T12:00:00.000Z",
        endsAt: "2024-05-02T13:00:00.000Z",
      },
    ]);
  });

  it("ends the less severe alerts of an escalated episode", () => {
    const start = "2024-05-01T12:00:00.000Z";
    const end = "2024-05-01T12:05:00.000Z";
    expect(states({ status: "escalated", previous_severity: "warning" })).toEqual([
      ["critical", start, "2024-05-02T13:00:00.000Z"],
      ["warning", start, end],
      ["info", start, end],
    ]);
  });

  it("ends all alerts of an episode that is over", () => {
    const resolved_at = "2024-05-01T12:30:00.000Z";
    const start = "2024-05-01T12:00:00.000Z";
    expect(states({ status: "resolved", severity: "warning", resolved_at })).toEqual([
      ["warning", start, resolved_at],
      ["info", start, resolved_at],
    ]);
  });

  it("has no end after now and no start after the end, however wrong the clock", () => {
    const early = Date.parse("2020-01-01T00:00:00.000Z");
    const ended = { status: "resolved", resolved_at: "2024-05-01T12:30:00.000Z" } as const;
    for (const [, startsAt, endsAt] of states(ended, early)) {
      expect([startsAt, endsAt]).toEqual(["2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000Z"]);
    }
    expect(states({}, early)).toEqual([
      ["critical", "2020-01-01T00:00:00.000Z", "2020-01-02T00:00:00.000Z"],
    ]);
  });

  it("ignores labels with the names of identifying labels", () => {
    const [alert] = alertsOf(bodyOf({ labels: { severity: "none", alertname: "x" } }), now, DAY);
    expect(alert?.labels).toMatchObject({ severity: "critical", alertname: "anomaly" });
  });
});
