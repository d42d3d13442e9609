import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { KeyTable } from "../src/core/key-table.ts";
import type { Layout } from "../src/core/layout.ts";
import { timeColumn } from "../src/core/timestamp/time-plan.ts";
import { csv } from "../src/io/decoders/csv/csv.ts";
import { TextDictionary } from "../src/io/decoders/rows/text-dictionary.ts";

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

const layout: Layout = {
  timestamp: timeColumn("timestamp", "iso8601"),
  key: "sensor_id",
  constantKey: "messy",
  numeric: ["temperature", "relative humidity"],
  labels: [],
  text: ["note"],
  constants: {},
};

it("messy.csv loses exactly the lines that the README of the fixtures lists", async () => {
  const listed = fixture("README.md")
    .toString()
    .matchAll(/^\| (\d+) \|/gm);
  const bytes = fixture("messy.csv");
  const rejected: number[] = [];
  const batches = csv.decode(
    (async function* () {
      yield bytes;
    })(),
    csv.profile(bytes, true, "messy.csv", { rename: {} }),
    {
      layout,
      keys: new KeyTable(),
      dictionaries: [new TextDictionary()],
      startMs: 0,
      source: 0,
      input: "messy.csv",
      reject: ({ line }) => rejected.push(line),
    },
  );
  let usable = 0;
  for await (const batch of batches) usable += batch.length;
  expect(rejected).toEqual(Array.from(listed, ([, line]) => Number(line)));
  expect(usable).toBe(25);
});

it("machine-temperature.csv is the recording as published, every line of it", () => {
  const lines = fixture("machine-temperature.csv").toString().trimEnd().split("\n");
  expect(lines[0]).toBe("timestamp,value");
  expect(lines).toHaveLength(22_696);
});
