import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noise } from "../../../../core/features/support.ts";
import { folderWith, runProgram } from "../../../../support/run-cli.ts";

const HALF_HOUR = 1_800_000;
const START = Date.UTC(2026, 2, 2);

/** Two sensors with readings every half hour. */
function recordingOf(days: number, valueAt: (time: number) => number): string {
  const times = Array.from({ length: days * 48 }, (_, i) => START + i * HALF_HOUR);
  const lines = times.flatMap((time) =>
    ["north", "south"].map((room) => `${new Date(time).toISOString()},${room},${valueAt(time)}`),
  );
  return ["time,room,power", ...lines, ""].join("\n");
}

/** A curve of a day with noise. */
function daily(): (time: number) => number {
  const random = noise(1);
  return (time) => Math.round(100 * (20 + 5 * Math.sin(time / 13_750_987) + random())) / 100;
}

const ADVICE =
  /^power follows the time of day or of the week: its usual value then explains 9\d % of its variance\. Try the feature `power_expected`/m;

describe("a replay over more than a week", () => {
  it("advises the feature `expected` for a column with a daily curve", async () => {
    const cwd = await folderWith({ "power.csv": recordingOf(10, daily()) });
    const { stdout } = await runProgram(["replay", "power.csv", "--report", "r.html"], { cwd });
    expect(stdout).toMatch(ADVICE);
    expect(await readFile(join(cwd, "r.html"), "utf8")).toContain(
      "Try the feature `power_expected`",
    );
  });

  it("does not advise it for noise, for few days, or where a detector has it", async () => {
    const random = noise(2);
    const pipeline = [
      "version: 1",
      "buffer: { schema: { time: datetime, room: str, power: float }, key: room }",
      "detectors: [{ name: a, algorithm: ecod, features: [power, power_expected] }]",
      "",
    ].join("\n");
    const cwd = await folderWith({
      "noise.csv": recordingOf(10, () => random()),
      "short.csv": recordingOf(6, daily()),
      "power.csv": recordingOf(10, daily()),
      "with.yaml": pipeline,
    });
    for (const args of [["noise.csv"], ["short.csv"], ["power.csv", "-p", "with.yaml"]]) {
      const { code, stdout } = await runProgram(["replay", ...args], { cwd });
      expect([code, stdout.includes(" readings scored")]).toEqual([0, true]);
      expect(stdout).not.toContain("follows the time");
    }
  });
});
