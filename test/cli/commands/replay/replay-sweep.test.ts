import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { recording } from "../../../support/recording.ts";
import { folderWith, runCli, runProgram } from "../../../support/run-cli.ts";

const pipeline = `version: 1
name: plant # whose name goes into ids
buffer: { key: device }
detectors:
  - name: pump
    algorithm: ecod
    features: [temperature, pressure]
    contamination: 0.01 # to be found
    warmup_period: 100
`;
const rows = 3000;
const jumps = [500, 900, 1300, 1700, 2300, 2700];
let folder = "";

beforeAll(async () => {
  folder = await folderWith({
    "plant.csv": recording({ rows, jumps, labelled: true }),
    "bare.csv": recording({ rows, jumps }),
    "plant.yaml": pipeline,
    "strict.yaml": pipeline.replace("0.01", "0.002"),
  });
});

const replay = (...args: string[]) => runCli(["replay", ...args], { cwd: folder });
const json = async (...args: string[]) =>
  JSON.parse((await replay(...args, "-q", "--format", "json")).stdout);

describe("iotmon replay --sweep", () => {
  it("warns that it ignores clock events of a recorded session", async () => {
    const quiet = "version: 1\ndetectors: [ { name: quiet, algorithm: silent, after: 3s } ]\n";
    const cwd = await folderWith({ "quiet.yaml": quiet });
    const watch = ["watch", "-", "-p", "quiet.yaml", "--record", "watched.jsonl"];
    await runCli(watch, { cwd, input: "temperature:21\n".repeat(5) });
    const sweep = ["watched.jsonl", "-p", "quiet.yaml", "--sweep", "detectors.0.after=3s,4s"];
    const whole = await runProgram(["replay", ...sweep], { cwd });
    expect([whole.code, whole.stderr]).toEqual([
      0,
      expect.not.stringContaining("ignores clock events"),
    ]);
    await appendFile(join(cwd, "watched.jsonl"), '{"at":8e12,"tick":8e12}\n');
    const { code, stderr } = await runCli(["replay", ...sweep], { cwd });
    expect([code, stderr]).toEqual([0, expect.stringContaining("ignores clock events")]);
  });

  it("gives every setting, and the held-out readings, the result of a separate replay", async () => {
    const sweep = [
      "plant.csv",
      "-p",
      "plant.yaml",
      "--sweep",
      "detectors.pump.contamination=0.002,0.02",
    ];
    const body = await json(...sweep);
    expect(body).toMatchObject({ optimize: "event_f1", detector: "pump", holdout: 0.3 });
    expect(body.tuned_on.readings + body.held_out_on.readings).toBe(rows);
    const [early, late] = await Promise.all([
      json("plant.csv", "-p", "strict.yaml", "--limit", `${body.tuned_on.readings}`),
      json("plant.csv", "-p", "strict.yaml", "--from", body.held_out_on.from),
    ]);
    const strict = body.settings.find(
      (setting: { values: object }) => Object.values(setting.values)[0] === 0.002,
    );
    for (const [part, alone] of [
      [strict.tuned, early],
      ...(body.best.values["detectors.pump.contamination"] === 0.002
        ? [[body.best.held_out, late]]
        : []),
    ]) {
      expect(part.alerts).toEqual(alone.alerts);
      expect(part.withheld).toBe(alone.withheld);
      expect(part.labels[0].by_event).toEqual(alone.labels[0].by_event);
      expect(part.labels[0].by_reading).toEqual(alone.labels[0].by_reading);
    }
    const one = await json(...sweep, "--workers", "1");
    expect(one).toEqual(body);
  });

  it("sorts by the metric, explains its numbers, and writes the best setting", async () => {
    const { code, stdout, stderr } = await replay(
      ..."plant.csv -q -p plant.yaml --sweep detectors.0.contamination=0.05,0.01,0.002".split(" "),
      ..."--sweep alerts.cooldown=0s,1h --write-pipeline best.yaml".split(" "),
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^6 settings, by event F1 of pump on the first 70 %: 2,\d{3} readings, /m,
    );
    const scores = [...stdout.matchAll(/^\d +0\.\d+ +\w+ +(\d\.\d{3}) /gm)].map(([, f1]) =>
      Number(f1),
    );
    expect(scores).toHaveLength(6);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(stdout).toContain("as it is");
    const [, value, cooldown] =
      /^Best: detectors\.0\.contamination=(\S+) alerts\.cooldown=(\S+)$/m.exec(stdout) ?? [];
    expect(stdout).toMatch(/^ {2}on the readings that chose it: \d of 8 events told/m);
    expect(stdout).toMatch(
      /^ {2}on the last 30 %, held out from the choice: \d of \d+ events told/m,
    );
    expect(stdout).toMatch(/^ {2}on the last 30 %, the pipeline as it is: /m);
    const written = await readFile(join(folder, "best.yaml"), "utf8");
    expect(written).toBe(
      `${pipeline.replace("0.01", `${value}`)}alerts:\n  cooldown: ${cooldown}\n`,
    );
  });

  it("says when no readings are held out", async () => {
    const { stdout } = await replay(
      ..."plant.csv -q --holdout 0 --optimize auc --sweep detectors.0.window=500,1000".split(" "),
    );
    expect(stdout).toMatch(/^2 settings, by AUC of anomaly, over .*, with nothing held out$/m);
    expect(stdout).toContain("on the readings that chose it, so expect less on others: ");
  });

  it("compares alerts without labels", async () => {
    const args = ["bare.csv", "-q", "--sweep", "detectors.anomaly.contamination=0.005,0.05"];
    const { code, stdout } = await replay(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# +contamination +ALERTS +A DAY +ALARM RATE +CRITICAL +SHARED +SUPPRESSED$/m,
    );
    expect(stdout).toMatch(/^– +as it is .* 100 % /m);
    expect(stdout).toContain("Without labels no setting can be chosen.");
    const body = await json(...args);
    expect(body).toMatchObject({ optimize: null, best: null, held_out_on: null });
    expect(body.overlap[0][0]).toBe(1);
    expect(body.overlap[0][1]).toBe(body.overlap[1][0]);
  });

  it.each([
    [["--sweep", "detectors.0.contaminaton=0.1"], /Did you mean "contamination"\?/],
    [["--sweep", "detectors.0.contamination=0.1,7"], /at --sweep detectors\.0\.contamination=7\n/],
    [["--sweep", "detectors.pmp.window=1"], /detectors has no entry "pmp"/],
    [["--sweep", "alerts.for=1", "--optimize", "f1"], /unknown metric "f1"/],
    [["--sweep", "alerts.for=1", "--holdout", "1.5"], /--holdout "1\.5" is not valid/],
    [["--sweep", "alerts.for=1", "--format", "csv"], /--format csv can't be used with --sweep/],
    [["--sweep", "alerts.for=1", "--scores", "x.csv"], /--scores can't be used with --sweep/],
    [["--optimize", "auc"], /--optimize needs --sweep/],
  ])("exits 64 at %j", async (args, message) => {
    const { code, stdout, stderr } = await replay("plant.csv", "-q", ...args);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(message);
  });

  it("chooses no setting without a scored labelled event", async () => {
    await writeFile(
      join(folder, "late.json"),
      JSON.stringify([["2024-03-02 00:50:00", "2024-03-02 00:55:00"]]),
    );
    const { code, stdout, stderr } = await replay(
      ..."bare.csv -q --labels late.json --sweep alerts.for=1,2 --write-pipeline none.yaml".split(
        " ",
      ),
    );
    expect(code).toBe(65);
    expect(stdout).toContain(
      "No setting can be chosen: no labelled event was scored on the first 70 %.",
    );
    expect(stderr).toContain("error: no pipeline written: no labelled event was scored");
  });
});
