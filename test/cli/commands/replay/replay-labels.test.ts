import { beforeAll, describe, expect, it } from "vitest";
import { recording, recordingLines } from "../../../support/recording.ts";
import { folderWith, runCli } from "../../../support/run-cli.ts";

const shape = { rows: 1400, jumps: [800, 1100] };
/** Time of a row, as the recording has it. */
const time = (row: number): string => recordingLines(shape)[row + 1]?.split(",")[0] ?? "";
/** Spans of the jumps, one of which is written for each pump. */
const spans = [
  `${time(800)},${time(805)},`,
  `${time(1100)},${time(1105)},pump-1`,
  `${time(1100)},${time(1105)},pump-2`,
];
const benchmark = {
  "other/plant.csv": [],
  "site/plant.csv": [
    [time(800), time(805)],
    [time(1100), time(1105)],
  ],
};
let folder = "";

beforeAll(async () => {
  folder = await folderWith({
    "plant.csv": recording(shape),
    "column.csv": recording({ ...shape, labelled: true }),
    "labels.csv": ["start,end,device", ...spans].join("\n"),
    "combined_windows.json": JSON.stringify(benchmark, null, 1),
    "points.json": JSON.stringify({ "site/plant.csv": [time(800)] }),
    "share.yaml":
      "version: 1\ndetectors: [{ name: anomaly, algorithm: ecod, contamination: 0.01 }]\n",
    "late.csv": `start,end\n2031-01-01,2031-01-02\n`,
    "wrong.csv": `start,end\n2024-03-01,noon\n2024-03-02,2024-03-01\n`,
    "odd.csv": [
      "start,end,device,why",
      ...spans.map((s) => `${s},x`).reverse(),
      `${time(0)},${time(1)},pmp-1,x`,
    ].join("\n"),
  });
});

const replay = (...args: string[]) => runCli(["replay", ...args], { cwd: folder });
const labelsOf = async (...args: string[]) => {
  const { stdout } = await replay(...args, "-q", "--format", "json");
  return JSON.parse(stdout).labels;
};

describe("iotmon replay --labels FILE", () => {
  it("gives the same result as a label column, to the last digit", async () => {
    const [column, file] = await Promise.all([
      labelsOf("column.csv", "-p", "share.yaml"),
      labelsOf("plant.csv", "-p", "share.yaml", "--labels", "labels.csv"),
    ]);
    // the pipeline is named after the recording, and its name goes into ids
    const named = JSON.stringify(file).replace(/"id":"[^"]+"/g, "");
    expect(named).toBe(JSON.stringify(column).replace(/"id":"[^"]+"/g, ""));
    expect(file[0].by_event).toMatchObject({ found: 4, missed: 0 });
    expect(file[0].by_reading.auc).toBeGreaterThan(0.9);
  });

  it("shows other thresholds, missed events and false alerts with their peaks", async () => {
    const none = ["-p", "share.yaml", "--from", time(1000), "--labels", "labels.csv"];
    const { code, stdout } = await replay("plant.csv", "-q", ...none);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      / {2}against "labels\.csv" by event: \d of 2 events told, \d found anomalous, \d missed/,
    );
    expect(stdout).toMatch(/^anomaly at other thresholds \(now 0\.500\):\nSCORE +CONTAMINATION /m);
    expect(stdout).toMatch(/^0\.500 +1\.0 % .* \d of 2 +\d+$/m);
    const late = [{ start: time(1390), end: time(1391) }];
    const path = await folderWith({ "late.json": JSON.stringify(late) });
    const missed = await replay("plant.csv", "-q", "--labels", `${path}/late.json`);
    expect(missed.stdout).toMatch(
      /^anomaly missed 2 events:\nSTART \(UTC\) +LASTED +SENSOR +PEAK\n2024-03-01 11:35:00 +0s +pump-1 +0\.\d{3}\n/m,
    );
    expect(missed.stdout).toMatch(/^anomaly raised \d+ false alerts:\n/m);
    const [body] = await labelsOf("plant.csv", "--labels", `${path}/late.json`);
    expect(body.missed_events).toHaveLength(2);
    expect(body.false_alerts).toHaveLength(body.by_event.false_alarms);
    expect(body.false_alerts[0].peak_anomaly_score).toBeGreaterThan(0.5);
  });

  it("selects labels by the end of the recording's path", async () => {
    const place = await folderWith({});
    await runCli(["init", "plant.csv", "-o", `${place}/p.yaml`], { cwd: folder });
    const input = recording(shape);
    const { stderr, code } = await runCli(["replay", "-", "--labels", "combined_windows.json"], {
      cwd: folder,
      input,
    });
    expect([code, stderr]).toEqual([
      65,
      expect.stringContaining("the labels have no entry for the recording stdin"),
    ]);
    const ambiguous = await replay("plant.csv", "--labels", "combined_windows.json");
    expect(ambiguous.code).toBe(65);
    expect(ambiguous.stderr).toContain(
      "Several entries have this file name: other/plant.csv, site/plant.csv",
    );
  });

  it.each([
    ["late.csv", "error: no label covers a reading\n  at late.csv\n  Labels are from 2031-01-01"],
    ["wrong.csv", 'error: "noon" is not a time\n  at wrong.csv:2\n'],
    ["plant.csv", 'error: the heading names no column "start"\n  at plant.csv:1\n'],
    ["points.json", "is a point in time, not a start and an end\n  at points.json:1:20\n"],
  ])("exits 65 and says what is wrong with %s", async (file, message) => {
    const { code, stdout, stderr } = await replay("plant.csv", "-q", "--labels", file);
    expect([code, stdout]).toEqual([65, ""]);
    expect(stderr).toContain(message);
  });

  it("warns about unusual labels and continues", async () => {
    const { code, stderr } = await replay("plant.csv", "--labels", "odd.csv");
    expect(code).toBe(0);
    expect(stderr).toContain('odd.csv: ignored "why"');
    expect(stderr).toContain(
      'odd.csv: the recording has no sensor "pmp-1". Did you mean "pump-1"?',
    );
    expect(stderr).toContain("odd.csv:5: 1 of 4 labels covers no reading");
  });

  it("reports a name that is neither a column nor a file", async () => {
    const [column, file] = await Promise.all([
      replay("plant.csv", "-q", "--labels", "temprature"),
      replay("plant.csv", "-q", "--labels", "labls.csv"),
    ]);
    expect([column.code, file.code]).toEqual([64, 66]);
    expect(column.stderr).toContain('Did you mean "temperature"?');
    expect(file.stderr).toContain("error: the label file does not exist\n  at labls.csv\n");
  });
});
