import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../../field/files/${name}`, import.meta.url));

/** What `watch` prints for the parts of an input with the pipeline that `init` writes for a file, one session each. */
async function sessions(path: string, parts: readonly string[]): Promise<string> {
  const cwd = await tempFolder();
  const init = await runCli(["init", path, "-o", "p.yaml"], { cwd });
  expect(init.code, init.stderr).toBe(0);
  let printed = "";
  for (const input of parts) {
    const watch = ["watch", "-", "-p", "p.yaml", "--state", "state"];
    const { code, stdout, stderr } = await runCli(watch, { cwd, input });
    expect(code, stderr).toBe(0);
    printed += stdout;
  }
  return printed;
}

interface Episode {
  readonly sensor_id: string;
  readonly started_at: string;
}

describe("watch of rows that are no readings", () => {
  // each cut is inside a reading
  it.each([
    ["a row for each quantity", "08-long-sensor-quantity.csv", 1502],
    ["rows that complement each other", "20-tasmota-sensor-state.jsonl", 531],
    ["a column for each sensor", "10-wide-correlated-6.csv", 400],
  ])("gives for %s the same in one session as in two", async (_, file, cut) => {
    const lines = (await readFile(pathOf(file), "utf8")).split(/(?<=\n)/).slice(0, 1900);
    const whole = await sessions(pathOf(file), [lines.join("")]);
    expect(whole).toMatch(/ (info|warning|critical) /);
    const parts = [lines.slice(0, cut), lines.slice(cut)].map((part) => part.join(""));
    expect(await sessions(pathOf(file), parts)).toBe(whole);
  });

  it("names the values of a wide table after its columns", async () => {
    const path = pathOf("10-wide-correlated-6.csv");
    const printed = await sessions(path, [await readFile(path, "utf8")]);
    expect(printed).toMatch(/ critical room1 anomaly: room1 37\.4 high.*; room1_diff /);
  });

  it("gives the alerts of replay", async () => {
    const path = pathOf("08-long-sensor-quantity.csv");
    const printed = await sessions(path, [await readFile(path, "utf8")]);
    const { stdout } = await runCli(["replay", path, "--format", "json"]);
    const { episodes } = JSON.parse(stdout) as { episodes: readonly Episode[] };
    expect(episodes.length).toBeGreaterThan(0);
    for (const { sensor_id, started_at } of episodes) {
      const time = started_at.slice(0, 19).replace("T", " ");
      expect(printed).toMatch(new RegExp(`^${time} \\w+ +${sensor_id} `, "m"));
    }
  });
});
