import fc from "fast-check";
import { expect, it } from "vitest";
import {
  RECORDING_START,
  readEntry,
  type SessionEntry,
  writeEntry,
} from "../../../src/io/session-recording/entries.ts";

const profile = fc.record({
  format: fc.constantFrom("jsonl", "csv", "keyvalue", "influx"),
  columns: fc.constant([]),
  rowsSampled: fc.nat(),
  remarks: fc.array(
    fc.record({ topic: fc.constant("format" as const), text: fc.string({ unit: "grapheme" }) }),
    { maxLength: 3 },
  ),
});
const text = fc.string({ unit: "grapheme" });
const time = fc.integer({ min: -8.64e15, max: 8.64e15 });

const entry: fc.Arbitrary<SessionEntry> = fc.oneof(
  fc.record({
    kind: fc.constant("header" as const),
    name: text,
    warm: fc.boolean(),
    gap: fc.option(time, { nil: undefined }),
    sources: fc.array(text),
    profile,
    document: fc.constantFrom({}, { version: 1, detectors: [{ name: "é", after: "3s" }] }),
  }),
  fc.record({
    kind: fc.constant("source" as const),
    source: text,
    profile,
    sensor: text,
    rows: fc.nat(),
  }),
  fc.record({
    kind: fc.constant("line" as const),
    source: text,
    at: time,
    line: fc.string({ unit: "binary" }),
  }),
  fc.record({ kind: fc.constant("tick" as const), tick: time }),
  fc.record({ kind: fc.constant("pause" as const), pause: fc.record({ from: time, to: time }) }),
);

it("readEntry reads each entry as it was written, in one line", () => {
  fc.assert(
    fc.property(entry, (given) => {
      const line = writeEntry(given);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      // JSON has no negative zero
      expect(readEntry(line)).toEqual(JSON.parse(JSON.stringify(given)));
      expect(line.startsWith(RECORDING_START)).toBe(given.kind === "header");
    }),
  );
});

it("readEntry rejects a truncated entry", () => {
  fc.assert(
    fc.property(
      entry,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (given, at) => {
        const line = writeEntry(given).trimEnd();
        expect(readEntry(line.slice(0, Math.floor(at * line.length)))).toBeNull();
      },
    ),
  );
});

it("readEntry rejects any other JSON", () => {
  fc.assert(fc.property(fc.json(), (json) => void expect(readEntry(json)).toBeNull()));
  expect(readEntry('{"at":1,"source":"a"}')).toBeNull();
  expect(readEntry('{"iotmon":"recording","version":2}')).toBeNull();
});
