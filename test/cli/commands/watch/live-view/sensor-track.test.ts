import { describe, expect, it } from "vitest";
import {
  MAX_BARS,
  SensorTrack,
} from "../../../../../src/cli/commands/watch/live-view/sensor-track.ts";

const DAY = Date.UTC(2026, 2, 1);

describe("SensorTrack", () => {
  it("keeps one bar per reading, or the largest score of each second at higher rates", () => {
    const track = new SensorTrack(1);
    const scores = [Number.NaN, 0.2, 0.7, 0.1, 0.3];
    for (const [i, score] of scores.entries()) track.add(DAY + 400 * i, score);
    expect(track.bars).toEqual([0.7, 0.3]);
    track.add(DAY + 60_000, 0.4);
    expect(track.bars).toEqual([0.7, 0.3, 0.4]);
    expect(track.score).toBe(0.4);
  });

  it("keeps only the newest bars", () => {
    const track = new SensorTrack(1);
    for (let i = 0; i < 500; i++) track.add(DAY + 1000 * i, i);
    expect(track.bars).toHaveLength(MAX_BARS);
    expect(track.bars.at(-1)).toBe(499);
  });
});
