import { describe, expect, it } from "vitest";
import { MOST_BARS, SensorTrack } from "../../../src/cli/live-view/sensor-track.ts";

const DAY = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

describe("SensorTrack", () => {
  it("keeps a bar a reading, or the largest score of a second when they come faster", () => {
    const track = new SensorTrack(1);
    const scores = [Number.NaN, 0.2, 0.7, 0.1, 0.3];
    for (const [i, score] of scores.entries()) track.see(DAY + 400 * i, score);
    expect(track.bars).toEqual([0.7, 0.3]);
    track.see(DAY + 60_000, 0.4);
    expect(track.bars).toEqual([0.7, 0.3, 0.4]);
    expect(track.score).toBe(0.4);
  });

  it("keeps only the newest bars", () => {
    const track = new SensorTrack(1);
    for (let i = 0; i < 500; i++) track.see(DAY + 1000 * i, i);
    expect(track.bars).toHaveLength(MOST_BARS);
    expect(track.bars.at(-1)).toBe(499);
  });

  it("counts the alarms of a day by the time of the alarm", () => {
    const track = new SensorTrack(1);
    track.alarm(DAY + 1000);
    track.alarm(DAY + DAY_MS - 1);
    expect(track.alarmsOn(DAY)).toBe(2);
    expect(track.alarmsOn(DAY + DAY_MS)).toBe(0);
    track.alarm(DAY + DAY_MS);
    track.alarm(DAY); // late: that day is over
    expect(track.alarmsOn(DAY + DAY_MS + 5)).toBe(1);
  });
});
