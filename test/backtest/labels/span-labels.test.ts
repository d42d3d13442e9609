import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLabelFile } from "../../../src/backtest/labels/parse-label-file.ts";
import { SpanLabels } from "../../../src/backtest/labels/span-labels.ts";
import type { Batch } from "../../../src/core/batch.ts";
import { IotmonError } from "../../../src/core/errors.ts";
import { KeyTable } from "../../../src/core/key-table.ts";
import { batchOf } from "../../support/batches.ts";

/** The faults of a text, one line each: `at message`. */
function faultOf(text: string, label = "labels.csv"): string {
  try {
    parseLabelFile(text, label, "device");
    return "none";
  } catch (error) {
    if (!(error instanceof IotmonError)) throw error;
    const { faults, at, message } = error;
    const all = faults.length > 0 ? faults : [{ at, message }];
    return all.map((fault) => `${fault.at} ${fault.message}`).join("\n");
  }
}

const keys = new KeyTable();
for (const name of ["pump-1", "pump-2"]) keys.intern(name);

async function labelled(labels: SpanLabels, readings: readonly (readonly [number, number])[]) {
  async function* batches(): AsyncGenerator<Batch> {
    yield batchOf(readings.map(([time, key]) => ({ time, key, values: [0] })));
  }
  const columns: number[][] = [];
  for await (const batch of labels.label(batches(), keys)) {
    columns.push([...(batch.labels.at(-1) ?? [])]);
  }
  return columns.flat();
}

const at = (minute: number): number => Date.UTC(2024, 0, 1) + minute * 60_000;
const text = (minute: number): string => new Date(at(minute)).toISOString();

describe("parseLabelFile", () => {
  it("reads CSV and JSON, with the sensor under key, sensor_id or the pipeline's own column", () => {
    const span = { from: at(0), to: at(5), key: "pump-1" };
    const files = [
      `start,end,key\n${text(0)},${text(5)},pump-1\n`,
      `\uFEFFSensor_ID;end;start\r\npump-1;${text(5)};${text(0)}\r\n`,
      `device\tstart\tend\npump-1\t${at(0)}\t${at(5)}\n`,
      JSON.stringify([{ start: text(0), end: text(5), sensor_id: "pump-1" }]),
      JSON.stringify([{ start: at(0), end: at(5), device: "pump-1" }]),
    ];
    for (const file of files) {
      const { spans, notes } = parseLabelFile(file, "labels", "device");
      expect(spans).toMatchObject([span]);
      expect(notes).toEqual([]);
    }
  });

  it("warns about unused fields", () => {
    const file = `start,end,sensr\n${text(0)},${text(5)},pump-1\n`;
    expect(parseLabelFile(file, "labels.csv", null).notes).toEqual([
      'labels.csv: ignored "sensr"; the field for the sensor is "key"',
    ]);
  });

  it.each([
    ["", "labels.csv the file is empty"],
    [
      "timestamp,value\n2024-01-01,3\n",
      'labels.csv:1 the heading names no column "start"\nlabels.csv:1 the heading names no column "end"',
    ],
    ["start,end\n2024-01-01,soon\n", 'labels.csv:2 "soon" is not a time'],
    ["start,end\n\n2024-01-01,\n", "labels.csv:3 a time is missing"],
    [
      "start,end\n2024-01-02,2024-01-01\n",
      "labels.csv:2 the label ends before it starts: 2024-01-02 to 2024-01-01",
    ],
    ["start,end\n2024-01-01\n", "labels.csv:2 the row has 1 cells, the heading 2"],
    ['start,end\n"2024-01-01,2024-01-02\n', /^labels\.csv:\d not valid CSV: /],
    ['[{"start": 1,\n "end" 2}]', /^labels\.csv:2:8 not valid JSON: /],
    ['{"a.csv": 3}', "labels.csv:1:11 3 is not a list of labels"],
    [
      '{"a.csv":\n ["2024-01-01"]}',
      'labels.csv:2:3 "2024-01-01" is a point in time, not a start and an end',
    ],
    ['[["2024-01-01"]]', 'labels.csv:1:2 ["2024-01-01"] is not [start, end]'],
    [
      '[{"start": "2024-01-01", "ende": "2024-01-02"}]',
      'labels.csv:1:2 {"start":"2024-01-01","ende":"2024-01-02"} has no time under "end"',
    ],
    ["[null]", 'labels.csv:1:2 null has no time under "start" and "end"'],
  ])("reports the fault of %j and its place", (file, fault) => {
    if (typeof fault === "string") expect(faultOf(file)).toBe(fault);
    else expect(faultOf(file)).toMatch(fault);
  });
});

describe("SpanLabels", () => {
  const benchmark = JSON.stringify({
    "real/pump.csv": [[text(1), text(2)]],
    "made/pump.csv": [[text(3), text(3)]],
    "made/calm.csv": [],
  });
  const file = parseLabelFile(benchmark, "combined_windows.json", null);

  it("selects the entry with the recording's name", async () => {
    const at4 = [0, 1, 2, 3].map((minute) => [at(minute), 0] as const);
    const of = (path: string) => labelled(new SpanLabels(file, [path]), at4);
    expect(await of("/data/real/pump.csv")).toEqual([0, 1, 1, 0]);
    expect(await of("/data/made/pump.csv.gz")).toEqual([0, 0, 0, 1]);
    expect(await of("calm.csv")).toEqual([0, 0, 0, 0]);
  });

  it("throws if no entry, or more than one, has its name", () => {
    expect(() => new SpanLabels(file, ["pump.csv"])).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining("Several entries have this file name: "),
      }),
    );
    expect(() => new SpanLabels(file, ["clam.csv"])).toThrow(
      expect.objectContaining({ hint: 'Did you mean "calm.csv"?' }),
    );
  });

  it("equals a check of every span, in any order and with overlaps", async () => {
    const span = fc.record({
      from: fc.integer({ min: 0, max: 30 }),
      length: fc.integer({ min: 0, max: 6 }),
      key: fc.constantFrom("", "pump-1", "pump-2"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 12 }), async (spans) => {
        const rows = spans.map(
          ({ from, length, key }) => `${text(from)},${text(from + length)},${key}`,
        );
        const csv = ["start,end,key", ...rows].join("\n");
        const labels = new SpanLabels(parseLabelFile(csv, "labels.csv", null), ["a.csv"]);
        const readings = Array.from({ length: 80 }, (_, i) => [at(i >> 1), i % 2] as const);
        const expected = readings.map(([time, key]) =>
          Number(
            spans.some(
              (one) =>
                at(one.from) <= time &&
                time <= at(one.from + one.length) &&
                ["", keys.name(key)].includes(one.key),
            ),
          ),
        );
        expect(await labelled(labels, readings)).toEqual(expected);
        expect(labels.findings(keys, true)).toEqual([]);
      }),
    );
  });

  it("warns once about overlaps and order, with the same result", () => {
    const rows = [
      [4, 6],
      [1, 3],
      [2, 3],
    ].map(([from = 0, to = 0]) => `${text(from)},${text(to)}`);
    const parsed = parseLabelFile(["start,end", ...rows].join("\n"), "labels.csv", null);
    expect(new SpanLabels(parsed, ["a.csv", "b.csv"]).notes).toEqual([
      "labels.csv: 1 label overlaps another; overlapping labels count as one event",
      "labels.csv: the labels are not in time order; the result is the same",
    ]);
  });

  it("warns about unknown sensors and labels without a reading", async () => {
    const rows = `start,end,key\n${text(0)},${text(1)},pump-1\n${text(0)},${text(1)},pmp-2\n`;
    const labels = new SpanLabels(parseLabelFile(rows, "labels.csv", null), ["a.csv"]);
    await labelled(labels, [[at(0), 0]]);
    expect(labels.findings(keys, false)).toEqual([
      'labels.csv: the recording has no sensor "pmp-2". Did you mean "pump-2"?',
    ]);
    expect(labels.findings(keys, true)).toEqual([
      'labels.csv: the recording has no sensor "pmp-2". Did you mean "pump-2"?',
      "labels.csv:3: 1 of 2 labels covers no reading; this is the first",
    ]);
  });

  it("throws if no label covers a reading of a complete recording", async () => {
    const rows = `start,end\n${text(90)},${text(91)}\n`;
    const labels = new SpanLabels(parseLabelFile(rows, "labels.csv", null), ["a.csv"]);
    await labelled(labels, [[at(0), 0]]);
    expect(labels.findings(keys, false)).toEqual([]);
    expect(() => labels.findings(keys, true)).toThrow(
      expect.objectContaining({
        message: "no label covers a reading",
        hint: expect.stringContaining("Labels are from 2024-01-01 01:30:00 to 2024-01-01 01:31:00"),
      }),
    );
  });
});
