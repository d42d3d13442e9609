import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { recording } from "../../../support/recording.ts";
import { folderWith, runProgram } from "../../../support/run-cli.ts";

const labelled = recording({ rows: 1400, labelled: true, jumps: [800] });
const machine = fileURLToPath(
  new URL("../../../../fixtures/machine-temperature.csv", import.meta.url),
);
let folder = "";
beforeAll(async () => {
  folder = await folderWith({
    "plant.csv": labelled,
    "calm.csv": recording({ rows: 100, seed: 2 }),
    "taken.yaml": "mine",
    "share.yaml": "version: 1\ndetectors: [{ name: d, algorithm: ecod, contamination: 0.01 }]\n",
  });
});

const replay = (...args: string[]) => runProgram(["replay", ...args], { cwd: folder });

describe("iotmon replay", () => {
  it("shows the input, the alerts with their reasons, the sensors and the label metrics", async () => {
    const { code, stdout, stderr } = await replay("plant.csv");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^1,400 readings in \d+\.\d\d s \([\d,]+ rows\/s\)$/m);
    expect(stdout).toMatch(
      /^plant\.csv\n1,400 readings · 2 sensors · 2024-03-01 00:00:00 to 2024-03-01 11:39:30 \(11h 39m\) · 0 rejected\n/,
    );
    const rows = stdout.split("\n").filter((line) => line.startsWith("│ 2024"));
    expect(rows.length).toBeGreaterThanOrEqual(2); // no terminal: a line an alert, however long
    expect(rows.filter((row) => /│ critical │/.test(row)).length).toBeGreaterThanOrEqual(2);
    expect(stdout).toMatch(/ temperature 4\d\.\d+ high(, never seen before)? \(usually 1/);
    expect(stdout).toMatch(/^pump-1 +[▁▂▃▄▅▆▇█ ]+ 700 /m);
    expect(stdout).toMatch(/^anomaly: 1,000 readings scored, \d+ anomalous = /m);
    expect(stdout).toMatch(
      /^ {2}against "anomaly" by event: 2 of 2 events told, 2 found anomalous, 0 missed · /m,
    );
    expect(stderr).toMatch(/^reading plant\.csv with an inferred pipeline, /);
    expect(stderr).toContain('  sensors: named by "device", 2 in the sample\n');
    expect(stderr).toMatch(/^ {2}not watched: .*anomaly \(a label\)/m);
    expect(stdout + stderr).not.toContain("\u001b[");
  });

  it("is quiet on stderr with -q, and writes more on stdout with -v", async () => {
    const [quiet, verbose] = await Promise.all([
      replay("plant.csv", "-q"),
      replay("plant.csv", "-v"),
    ]);
    expect(quiet.stderr).toBe("");
    expect(quiet.stdout).not.toContain("MEDIAN");
    expect(verbose.stdout).toMatch(/^temperature +1,400 +0 /m);
    expect(verbose.stdout).toMatch(
      /^Windows and models held \d+ kB at the end, \d+ kB per sensor$/m,
    );
  });

  it("says when no reading was scored, or none is in the reported span", async () => {
    const [short, late] = await Promise.all([
      replay("calm.csv"),
      replay("calm.csv", "--from", "2030-01-01"),
    ]);
    expect(short.stdout).toContain("No alerts.\n");
    expect(short.stdout).toContain("nothing scored, the warm-up takes 200 readings per sensor\n");
    expect(late.code).toBe(0);
    expect(late.stdout).toContain("Nothing to report: every reading is before --from.\n");
  });

  it("shows the worst alerts up to --top", async () => {
    const { stdout } = await replay("plant.csv", "-p", "share.yaml", "--top", "1");
    expect(stdout.match(/^│ 2024/gm)).toHaveLength(1);
    expect(stdout).toMatch(/^\d+ less severe alerts not shown: --top 0 shows all/m);
  });

  it("gives the same result in every format", async () => {
    const [json, jsonl, csv] = await Promise.all(
      ["json", "jsonl", "csv"].map((format) => replay("plant.csv", "-q", "--format", format)),
    );
    const body = JSON.parse(json?.stdout ?? "");
    expect(body).toMatchObject({
      pipeline: "plant",
      inputs: ["plant.csv"],
      stopped: false,
      readings: 1400,
      rejected: 0,
    });
    const messages = (jsonl?.stdout ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(messages).toHaveLength(body.messages);
    expect(messages.filter(({ status }) => status === "firing")).toHaveLength(
      body.episodes.filter(({ notified }: { notified: boolean }) => notified).length,
    );
    const lines = (csv?.stdout ?? "").trimEnd().split("\n");
    expect(lines[0]).toBe(Object.keys(body.episodes[0]).join(","));
    expect(lines).toHaveLength(1 + body.episodes.length);
    expect(lines[1]).toMatch(new RegExp(`^${body.episodes[0].id},`));
  });

  it("counts the same as the scores file", async () => {
    const { stdout } = await replay("plant.csv", "-q", "--format", "json", "--scores", "all.jsonl");
    const [detector] = JSON.parse(stdout).detectors;
    const text = await readFile(join(folder, "all.jsonl"), "utf8");
    const rows = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(1400);
    expect(detector.scored).toBe(rows.filter((row) => row.raw_score !== null).length);
    expect(detector.anomalies).toBe(rows.filter((row) => row.is_anomaly).length);
  });

  it("adds feature values to the scores with --features", async () => {
    await replay("plant.csv", "-q", "--limit", "60", "--features", "--scores", "features.csv");
    const [head = "", ...rows] = (await readFile(join(folder, "features.csv"), "utf8"))
      .trimEnd()
      .split("\n");
    expect(head.split(",").slice(-6)).toEqual([
      "temperature_diff",
      "pressure_diff",
      "temperature_mean_10",
      "pressure_mean_10",
      "temperature_std_50",
      "pressure_std_50",
    ]);
    expect(rows).toHaveLength(60);
    const values = labelled.split("\n").map((line) => Number(line.split(",")[2]));
    const mean = Array.from({ length: 10 }, (_, i) => values[58 - 2 * i + 1] as number);
    const column = head.split(",").indexOf("temperature_mean_10");
    expect(Number(rows[58]?.split(",")[column])).toBeCloseTo(
      mean.reduce((sum, value) => sum + value) / 10,
      9,
    );
  });

  it("stops at --limit and --to", async () => {
    const [limited, until] = await Promise.all([
      replay(machine, "-q", "--limit", "15321"), // more than one batch
      replay("plant.csv", "-q", "--to", "2024-03-01 00:10:00"),
    ]);
    expect(limited.stdout).toContain("\n15,321 readings · ");
    expect(until.stdout).toContain("\n21 readings · ");
  });

  it("exits 1 when a --fail-on check is true, and names it", async () => {
    const [none, some] = await Promise.all([
      replay("plant.csv", "-q", "--fail-on", "missed > 0", "--fail-on", "rejects > 0"),
      replay("plant.csv", "-q", "--fail-on", "missed > 0", "--fail-on", "critical >= 2"),
    ]);
    expect([none.code, none.stderr]).toEqual([0, ""]);
    expect(some.code).toBe(1);
    expect(some.stderr).toMatch(/^failed: critical >= 2 \(critical: \d+\)\n$/);
    expect(some.stdout).toContain("readings");
  });

  it("rejects label checks without labels before it runs", async () => {
    const { code, stdout, stderr } = await replay("calm.csv", "-q", "--fail-on", "missed > 0");
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toBe(
      "error: --fail-on missed needs labels, and there are none\n" +
        "  Name their column or file with --labels\n",
    );
  });

  it("shows every wrong option at once", async () => {
    const { code, stderr } = await replay(
      ..."plant.csv --speed fast --limit -3 --top x --scores a.txt --workers 0".split(" "),
      ...["--max-rejects", "200%", "--fail-on", "crit>0", "--from", "noon"],
    );
    expect(code).toBe(64);
    const errors = stderr.match(/^error: .*$/gm);
    expect(errors).toEqual([
      'error: --from "noon" is not valid',
      'error: --speed "fast" is not valid',
      'error: --limit "-3" is not valid',
      'error: --workers "0" is not valid',
      'error: --top "x" is not valid',
      'error: --scores "a.txt" is not valid',
      'error: --max-rejects "200%" is not valid',
      'error: --fail-on "crit>0" is not valid',
    ]);
    expect(stderr.match(/^ {2}Expected /gm)).toHaveLength(errors?.length ?? -1);
  });

  it("shows options that exclude or need each other", async () => {
    const { code, stderr } = await replay(
      ..."plant.csv --features -p taken.yaml --write-pipeline p.yaml".split(" "),
      ...["--from", "2024-03-02", "--to", "2024-03-01"],
    );
    expect(code).toBe(64);
    expect(stderr.match(/^error: --[a-z-]+/gm)).toEqual([
      "error: --features",
      "error: --from",
      "error: --write-pipeline",
    ]);
  });

  it("never overwrites a pipeline, and reports an existing file before it runs", async () => {
    const { code, stdout, stderr } = await replay(
      "plant.csv",
      "-q",
      "--write-pipeline",
      "taken.yaml",
    );
    expect([code, stdout]).toEqual([73, ""]);
    expect(stderr).toContain("it exists already\n  at taken.yaml\n");
    expect(await readFile(join(folder, "taken.yaml"), "utf8")).toBe("mine");
  });

  it("reports files that can't be written", async () => {
    const runs = await Promise.all(
      ["--scores", "--rejects", "--write-pipeline"].map((option) =>
        replay("calm.csv", "-q", option, "none/x.csv"),
      ),
    );
    expect(runs.map(({ code }) => code)).toEqual([73, 73, 73]);
    for (const { stderr } of runs) {
      expect(stderr).toMatch(
        /^error: the \w+ file can't be written: there is no folder none\n {2}at none\/x\.csv\n {2}Create the folder first\n$/,
      );
    }
  });

  it("takes labels from the named column", async () => {
    const [none, near] = await Promise.all([
      replay("plant.csv", "-q", "--labels", "nothing at all"),
      replay("plant.csv", "-q", "--labels", "anomalie"),
    ]);
    expect([none.code, near.code]).toEqual([64, 64]);
    expect(none.stderr).toContain("  Columns are: time, device, temperature, pressure, anomaly\n");
    expect(near.stderr).toContain(
      '  Did you mean "anomaly"? Columns are: time, device, temperature, pressure, anomaly\n',
    );
  });
});
