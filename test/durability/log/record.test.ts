import { expect, it } from "vitest";
import { decodeCommand, RecordEncoder } from "../../../src/durability/log/record.ts";
import type { Command } from "../../../src/service/commands.ts";
import { Random } from "../../support/random.ts";

/** A batch of three rows in longer arrays, with a missing value, an infinity and a negative zero. */
const BATCH = {
  length: 3,
  timestamps: Float64Array.of(1767225600000, 1767225600250.5, 1767225601000, 7),
  keys: Uint32Array.of(2, 1, 2, 0),
  columns: [
    Float64Array.of(21.53, Number.NaN, -0, 7),
    Float64Array.of(1e21, Number.POSITIVE_INFINITY, 5e-324, 7),
  ],
  labels: [Float64Array.of(0, 1, Number.NaN, 7)],
  texts: [{ codes: Uint32Array.of(1, 0, 9, 0), values: ["", "on\nline"] }],
  rows: Uint32Array.of(12, 13, 15, 7),
  source: 1,
};

const COMMAND: Command<"append_batch"> = {
  kind: "append_batch",
  name: "kiln",
  source: "port 1",
  progress: { position: { offset: 4096 }, skip: 2, rows: 15 },
  rows: { batch: BATCH, sensors: ["unused", "k-1", 'k-"ü"'] },
};

/** Heads that commit 580e96d wrote for this batch. */
const HEAD =
  '{"kind":"append_batch","name":"kiln","source":"port 1",' +
  '"progress":{"position":{"offset":4096},"skip":2,"rows":15},' +
  '"rows":{"times":[1767225600000,1767225600250.5,1767225601000],"sensors":["k-\\"ü\\"","k-1"],' +
  '"keys":[0,1,0],"columns":[[21.53,null,0],[1e+21,null,5e-324]],"labels":[[0,1,null]],' +
  '"texts":[["on\\nline","",""]],"numbers":[12,13,15]}';

it.each([
  ["a batch", COMMAND, `${HEAD}}`, "VAEAAA=="],
  ["a batch of history", { ...COMMAND, quiet: true }, `${HEAD},"quiet":true}`, "YQEAAA=="],
])("reads the record of %s that commit 580e96d wrote", (_, command, head, length) => {
  const record = Buffer.concat([Buffer.from(length, "base64"), Buffer.from(head)]);
  const encoder = new RecordEncoder();
  const compressed = encoder.encode(command, 0);
  expect(compressed.length).toBeLessThan(record.length / 2);
  // those of a burst are not compressed
  for (let now = 1; now < 20; now++) encoder.encode(command, now);
  expect(encoder.encode(command, 20)).toEqual(record);
  expect(decodeCommand(compressed)).toEqual(decodeCommand(record));
  expect(new RecordEncoder().encode(decodeCommand(record), 0)).toEqual(compressed);
});

it("compresses records that come ten times a second at uneven times", () => {
  const encoder = new RecordEncoder();
  const random = new Random(3);
  const lengths = Array.from({ length: 500 }, (_, i) => {
    return encoder.encode(COMMAND, 101 * i + 60 * random.uniform()).length;
  });
  expect(new Set(lengths).size).toBe(1);
});

it("does not compress a long record", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ sensor_id: "s", value: i }));
  const command = { kind: "append", name: "kiln", rows, arrivalMs: 0, strict: false } as const;
  expect(new RecordEncoder().encode(command, 0).toString("latin1")).toContain('"value":39');
});
