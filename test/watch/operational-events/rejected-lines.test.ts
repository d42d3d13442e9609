import { describe, expect, it } from "vitest";
import type { AlertBody } from "../../../src/io/messages/alert-schema.ts";
import { folderWith, runCli } from "../../support/run-cli.ts";

const range = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");

const PAIRS = range(300, (i) => `temp:21.${i % 10},hum:4${i % 7}`);
const JSONL = range(200, (i) => `{"temp":21.${i % 10},"hum":4${i % 7}}`);
const OTHER = range(200, (i) => `{"t":21.${i % 10},"h":4${i % 7}}`);

/** Watches a text on stdin. @returns The operational messages, and stderr. */
async function watch(cwd: string, input: string, ...args: readonly string[]) {
  const { stdout, stderr, code } = await runCli(["watch", "-", "--format", "jsonl", ...args], {
    cwd,
    input,
  });
  expect(code).toBe(0);
  const bodies = stdout
    .split("\n")
    .filter((line) => line.includes('"detector":"iotmon"'))
    .map((line) => JSON.parse(line) as AlertBody);
  const told = bodies.map(({ status, explanation }) => `${status} ${explanation.summary}`);
  return { bodies, told, stderr, stdout };
}

describe("lines_rejected", () => {
  it("fires when most lines are rejected, and a known format is adopted", async () => {
    const { bodies, told, stderr } = await watch(await folderWith({}), PAIRS + JSONL);
    expect(bodies.map(({ labels }) => labels["event"])).toEqual([
      "lines_rejected",
      "lines_rejected",
    ]);
    expect(told[0]).toMatch(
      /^firing stdin: 26 of the last 50 lines are rejected, such as line \d+/,
    );
    expect(told[0]).toContain("they look like jsonl with temp, hum, and are read as that");
    expect(told[1]).toMatch(
      /^resolved stdin: readings come again; rejected lines in between: \d+$/,
    );
    expect(bodies[1]?.episode).toBe(bodies[0]?.episode);
    const [, readings = "", rejected = ""] =
      /(\d+) readings, (\d+) lines rejected/.exec(stderr) ?? [];
    expect(Number(readings) + Number(rejected)).toBe(500);
    expect(Number(rejected)).toBeLessThan(90);
  });

  it("keeps a format that the pipeline sets, and names the other one", async () => {
    const folder = await folderWith({
      "p.yaml": "version: 1\nsource: { type: stdin, format: keyvalue }\n",
    });
    const { told, stderr } = await watch(folder, PAIRS + JSONL + PAIRS, "-p", "p.yaml");
    expect(told).toHaveLength(2);
    expect(told[0]).toContain("look like jsonl with temp, hum, but the format is set to keyvalue");
    expect(told[1]).toContain("rejected lines in between: 200");
    expect(stderr).toContain("600 readings, 200 lines rejected");
  });

  it("does not adopt a format without columns of the pipeline, and a later run resolves the message", async () => {
    const folder = await folderWith({});
    const first = await watch(folder, PAIRS + OTHER, "--state", "state");
    expect(first.told).toHaveLength(1);
    expect(first.told[0]).toContain("look like jsonl with t, h, but the pipeline reads temp, hum");
    const second = await watch(folder, PAIRS, "--state", "state");
    expect(second.told).toEqual(["resolved stdin: readings come again"]);
    expect(second.bodies[0]?.episode).toBe(first.bodies[0]?.episode);
  });

  it("resolves between two changes of the format, also when all lines come at once", async () => {
    const { told, stderr } = await watch(await folderWith({}), PAIRS + JSONL + PAIRS);
    expect(told.map((line) => line.split(" ")[0])).toEqual([
      "firing",
      "resolved",
      "firing",
      "resolved",
    ]);
    expect(told[0]).toContain("they look like jsonl");
    expect(told[2]).toContain("they look like keyvalue");
    const [, rejected = ""] = /, (\d+) lines rejected/.exec(stderr) ?? [];
    expect(Number(rejected)).toBeLessThan(180);
  });

  it("says nothing about a few bad lines", async () => {
    const some = range(200, (i) => (i % 3 === 0 ? "temp:hot,hum:wet" : `temp:21.${i % 10},hum:40`));
    const { told } = await watch(await folderWith({}), PAIRS + some);
    expect(told).toEqual([]);
  });

  it("a recording of the session replays the adopted format", async () => {
    const folder = await folderWith({});
    const live = await watch(folder, PAIRS + JSONL, "--record", "session.jsonl");
    const alerts = (text: string): string[] =>
      text
        .split("\n")
        .filter((line) => line.includes('"detector":"anomaly"') && line.includes('"status":'));
    const replay = await runCli(["replay", "session.jsonl", "--format", "jsonl"], { cwd: folder });
    expect(alerts(live.stdout).length).toBeGreaterThan(0);
    expect(alerts(replay.stdout)).toEqual(alerts(live.stdout));
  });
});
