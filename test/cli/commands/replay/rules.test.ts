import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { folderWith, runCli } from "../../../support/run-cli.ts";

const MINUTE = 60_000;

/**
 * Two hours of two sensors, a reading a minute. The pump is hot from minute 20 to 24, jumps at 40, and
 * stays at one value from 60 on, to 80. The fan reports nothing from minute 30 to 49.
 */
function recording(): string {
  const lines = ["timestamp,sensor_id,temperature"];
  for (let minute = 0; minute < 120; minute++) {
    const time = new Date(Date.UTC(2024, 0, 1) + minute * MINUTE).toISOString();
    const wave = 20 + (minute % 7) / 10;
    const hot = minute >= 20 && minute < 25 ? 45 + minute / 100 : wave;
    const stuck = minute >= 60 && minute < 81 ? 21.3 : hot;
    lines.push(`${time},pump,${minute === 40 ? 33 : minute === 5 ? "" : stuck}`);
    if (minute < 30 || minute >= 50) lines.push(`${time},fan,${wave}`);
  }
  return `${lines.join("\n")}\n`;
}

const pipeline = [
  "version: 1",
  "name: plant",
  "detectors:",
  "  - name: too_hot",
  "    algorithm: threshold",
  "    when: temperature > 40 and temperature_mean_3 > 30",
  "    severity: critical",
  "  - { name: stuck, algorithm: stuck, column: temperature, after: 15m }",
  "  - { name: silent, algorithm: silent, after: 150s }",
  "  - { name: jump, algorithm: rate_of_change, column: temperature, per: 1m, max_change: 12, severity: info }",
  "alerts: { resolve_after: 3, cooldown: 30m }",
  "",
].join("\n");

interface Message {
  readonly timestamp: string;
  readonly status: string;
  readonly sensor_id: string;
  readonly detector: string;
  readonly severity: string;
  readonly raw_score: number | null;
  readonly explanation: { readonly summary: string; readonly rule: string | null };
}

describe("rules, replayed", () => {
  let folder = "";
  const replay = (...args: readonly string[]): ReturnType<typeof runCli> =>
    runCli(["replay", "in.csv", "-p", "p.yaml", "-q", ...args], { cwd: folder });

  beforeAll(async () => {
    folder = await folderWith({ "in.csv": recording(), "p.yaml": pipeline });
  });

  it("report what happened, when and why", async () => {
    const { stdout, code } = await replay("--format", "jsonl");
    const messages = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Message);
    const shown = messages.map(({ timestamp, status, severity, explanation }) =>
      [timestamp.slice(11, 19), status, severity, explanation.summary].join(" "),
    );
    const silent = "fan: no reading for 150s, since 2024-01-01T00:29:00.000Z.";
    const stuck = "pump: temperature 21.3: temperature unchanged for 15m.";
    const hot =
      "pump: temperature 45.21, temperature_mean_3 36.97: temperature > 40 and temperature_mean_3 > 30.";
    const jump = "pump: temperature 45.2: temperature rises 24.7 per 1m, more than 12.";
    expect(shown).toEqual([
      `00:20:00 firing info ${jump}`,
      `00:21:00 firing critical ${hot}`,
      `00:23:00 resolved info ${jump}`,
      `00:27:00 resolved critical ${hot}`,
      `00:31:30 firing warning ${silent}`,
      `00:50:00 resolved warning ${silent}`,
      `01:15:00 firing warning ${stuck}`,
      `01:23:00 resolved warning ${stuck}`,
    ]);
    expect(messages.every((message) => message.raw_score === null)).toBe(true);
    expect(messages[4]?.explanation.rule).toBe(
      "no reading for 150s, since 2024-01-01T00:29:00.000Z",
    );
    expect(code).toBe(0);
  });

  it("give the same output in one thread and in two", async () => {
    const scores = ["--features", "--format", "jsonl", "--scores"];
    const one = await replay("--workers", "1", ...scores, "one.jsonl");
    const two = await replay("--workers", "2", ...scores, "two.jsonl");
    expect(two).toEqual(one);
    expect(one.code).toBe(0);
    const [first, second] = await Promise.all(["one", "two"].map((name) => lines(`${name}.jsonl`)));
    expect(second).toEqual(first);
  });

  it("have one score line per reading, except silence", async () => {
    await replay("--scores", "scores.csv");
    const [head = "", ...rows] = await lines("scores.csv");
    expect(head).toMatch(/^row,timestamp,sensor_id,detector,raw_score,p,anomaly_score,is_anomaly/);
    expect(rows).toHaveLength(220 * 3);
    expect(rows.filter((row) => row.includes(",too_hot,,,1,1,critical"))).toHaveLength(4);
    expect(rows.some((row) => row.includes(",silent,"))).toBe(false);
    expect(rows.find((row) => row.includes("00:05:00.000Z,pump,stuck"))).toMatch(/,,,0,0,$/);
  });

  it("have totals by rule", async () => {
    const { stdout } = await replay();
    expect(stdout).toMatch(/^too_hot: 22\d readings scored, 4 anomalous = 1\.8 %$/m);
    expect(stdout).toMatch(/^silent: 1 silence$/m);
    const json = JSON.parse((await replay("--format", "json")).stdout) as {
      readonly detectors: readonly unknown[];
    };
    expect(json.detectors[2]).toMatchObject({
      algorithm: "silent",
      scored: 0,
      episodes: 1,
      alarm_rate: null,
      contamination: null,
      warmup_period: 0,
    });
  });

  it("are described by check, with faults at the exact character", async () => {
    const { stdout } = await runCli(["check", "p.yaml"], { cwd: folder });
    expect(stdout).toContain(
      "detector   too_hot: threshold - temperature > 40 and temperature_mean_3 > 30\n",
    );
    expect(stdout).toContain("detector   silent: silent - no reading for 150s\n");
    const bad = await folderWith({
      "in.csv": recording(),
      "p.yaml": pipeline.replace("40 and", "40 &&"),
    });
    const { code, stderr } = await runCli(["replay", "in.csv", "-p", "p.yaml"], { cwd: bad });
    expect(code).toBe(78);
    expect(stderr).toContain(
      'error: detectors.0.when: a rule can\'t contain "&&"\n  at p.yaml:6:28',
    );
  });

  async function lines(name: string): Promise<string[]> {
    return (await readFile(`${folder}/${name}`, "utf8")).trim().split("\n");
  }
});
