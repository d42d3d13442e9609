import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type BadTimeCase,
  jsonLines,
  patientBadTimeCases,
  type TimedLine,
} from "../../../support/bad-time-streams.ts";
import { runCli } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { WatchProcess } from "../../../support/watch-process.ts";

/** Recordings; more when asked for. */
const RUNS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 3);
const KILLS = 2;
const STEP_MS = 600_000;
const ARGS = ["-p", "plant.yaml", "--all", "--format", "jsonl"];

/** Shows each reading: other detectors may say nothing about the last ones. */
const SHOWN = { name: "shown", algorithm: "threshold", when: "v > 1000" };

/** The case with lines of a further sensor at its end, which let all others pass. */
function withEnd(one: BadTimeCase): BadTimeCase {
  const sound = one.lines.filter((_, i) => i !== one.place).map(({ time }) => time);
  const last = Math.max(...sound);
  const end = [1, 2, 3].map(
    (i): TimedLine => ({ time: last + i * STEP_MS, sensor: "end", value: 20 }),
  );
  const detectors = [...(one.pipeline["detectors"] as readonly object[]), SHOWN];
  return { ...one, pipeline: { ...one.pipeline, detectors }, lines: [...one.lines, ...end] };
}

/** Output about sound sensors, without repetitions. */
function others(lines: readonly string[], { sensor }: BadTimeCase): readonly string[] {
  return [...new Set(lines)].filter((line) => {
    const { sensor_id: own } = JSON.parse(line);
    return own !== sensor && own !== "end";
  });
}

it("a bad line leaves other sensors as they are without it, also when watch is killed", async () => {
  const property = fc.asyncProperty(
    patientBadTimeCases.map(withEnd),
    fc.array(fc.nat(), { minLength: KILLS, maxLength: KILLS }),
    async (one, places) => {
      const cwd = await tempFolder();
      await writeFile(join(cwd, "plant.yaml"), JSON.stringify(one.pipeline));
      await writeFile(join(cwd, "plant.jsonl"), "");
      const lines = jsonLines(one, "wrong").split(/(?<=\n)/);
      const ends = places.map((place) => place % lines.length).sort((a, b) => a - b);
      const shown: string[] = [];
      let from = 0;
      for (const end of ends) {
        await appendFile(join(cwd, "plant.jsonl"), lines.slice(from, end).join(""));
        from = end;
        const watch = new WatchProcess(["plant.jsonl", ...ARGS], cwd);
        // at any line of its output, or when it waits for more
        const enough = Math.floor(end / 2);
        await watch.until(() => watch.lines.length > enough || isWatching(watch.stderr));
        await watch.stop("SIGKILL");
        shown.push(...watch.lines);
      }
      await appendFile(join(cwd, "plant.jsonl"), lines.slice(from).join(""));
      const last = new WatchProcess(["plant.jsonl", ...ARGS], cwd);
      await last.until(() => last.stdout.includes('"sensor_id":"end"'));
      expect(await last.stop("SIGTERM"), last.stderr).toBe(0);
      shown.push(...last.lines);

      const input = jsonLines(one, "rejected");
      const undisturbed = await runCli(["watch", "-", ...ARGS, "--state", "other"], { cwd, input });
      expect(undisturbed.code, undisturbed.stderr).toBe(0);
      const expected = undisturbed.stdout.split("\n").filter((line) => line !== "");
      expect(others(shown, one)).toEqual(others(expected, one));
    },
  );
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});

/** Whether the file was opened. */
function isWatching(stderr: string): boolean {
  return stderr.includes("jsonl");
}
