import { describe, expect, it } from "vitest";
import { alertsOf } from "../../../bench/detection/peers/policy.ts";
import { Tally } from "../../../bench/detection/peers/tally.ts";
import { Random } from "../../support/random.ts";

const MINUTE = 60_000;
const WEEK = 604_800_000;

describe("alertsOf", () => {
  const random = new Random(1);
  const times = Array.from({ length: 20_000 }, (_, row) => row * MINUTE);
  const noise = times.map((_, row) => (row < 200 ? null : -Math.log(1 - random.uniform())));
  const withFault = noise.map((score, row) => (row >= 19_000 && row < 19_020 ? 60 : score));

  it.each([false, true])("tells a fault once, until it is over (isBounded %s)", (isBounded) => {
    const alerts = alertsOf(times, withFault, { perWeek: 1, isBounded });
    const during = alerts.filter(({ to }) => to >= 19_000 * MINUTE);
    expect(during).toHaveLength(1);
    expect(during[0]?.from).toBeGreaterThanOrEqual(19_000 * MINUTE);
    expect(during[0]?.from).toBeLessThan(19_010 * MINUTE);
    expect(during[0]?.to).toBeGreaterThanOrEqual(19_019 * MINUTE);
  });

  it("tells about as few alerts as the budget says without a fault", () => {
    expect(alertsOf(times, noise, { perWeek: 1 }).length).toBeLessThanOrEqual(5);
  });

  it("does not depend on the unit of the scores", () => {
    const scaled = withFault.map((score) => (score === null ? null : score * 1024));
    expect(alertsOf(times, scaled, { perWeek: 1 })).toEqual(
      alertsOf(times, withFault, { perWeek: 1 }),
    );
  });
});

describe("Tally", () => {
  it("counts alerts that meet an event, events that an alert meets, and the delay", () => {
    const tally = new Tally();
    const alert = (from: number, to: number) => ({ from, to, toldAt: from });
    const events = [
      [10 * MINUTE, 20 * MINUTE],
      [50 * MINUTE, 60 * MINUTE],
    ] as const;
    const alerts = [
      alert(0, 5 * MINUTE),
      alert(12 * MINUTE, 13 * MINUTE),
      alert(20 * MINUTE, 40 * MINUTE),
      alert(61 * MINUTE, 70 * MINUTE),
    ];
    tally.add(alerts, events, [0, WEEK / 2]);
    tally.add([], [], [0, WEEK / 2]);
    expect(tally.figures).toEqual(["0.50", "0.50", "2.0"]);
    expect(tally.perWeek).toBe(4);
    expect(tally.perRecording).toBe(2);
    expect(tally.events).toBe(2);
    expect(tally.chance).toBe((20 * MINUTE) / WEEK);
  });
});
