import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Batch } from "../../../../src/core/batch.ts";
import { KeyTable } from "../../../../src/core/key-table.ts";
import type { Layout } from "../../../../src/core/layout.ts";
import { timeColumn } from "../../../../src/core/timestamp/time-plan.ts";
import { csv } from "../../../../src/io/decoders/csv/csv.ts";
import type { DecodeOptions, Reject } from "../../../../src/io/decoders/decode-context.ts";
import { decodeReshaped } from "../../../../src/io/decoders/shape/decode-reshaped.ts";
import { rowsProfile } from "../../../../src/io/decoders/shape/reshaper.ts";

const START = Date.parse("2026-03-01T00:00:00Z");

/** A reading as a decoder gives it; missing values are left out. */
interface Row {
  readonly time: string;
  readonly sensor: string;
  readonly values: Readonly<Record<string, number>>;
  readonly texts: readonly string[];
}

function rowsOf(batch: Batch, keys: KeyTable, { numeric }: Layout): Row[] {
  return Array.from({ length: batch.length }, (_, i) => {
    const values = numeric.map((name, c) => [name, batch.columns[c]?.[i] as number] as const);
    return {
      time: new Date(batch.timestamps[i] as number).toISOString().slice(11, 16),
      sensor: keys.name(batch.keys[i] as number),
      values: Object.fromEntries(values.filter(([, value]) => !Number.isNaN(value))),
      texts: batch.texts.map(({ codes, values: all }) => all[codes[i] as number] ?? ""),
    };
  });
}

/** Decodes a text, in chunks of bytes. */
async function decode(
  text: string,
  layout: Partial<Layout>,
  options: Partial<DecodeOptions> = {},
  chunk = 64,
) {
  const bytes = Buffer.from(text);
  const profile = csv.profile(bytes, true, "test.csv", { rename: {}, ...options });
  const whole: Layout = {
    ...{ timestamp: timeColumn("time", "iso8601"), key: null, constantKey: "one" },
    ...{ numeric: [], labels: [], text: [], constants: {}, ...layout },
  };
  const keys = new KeyTable(100);
  const rejects: Reject[] = [];
  const rows: Row[] = [];
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const context = {
    ...{ layout: whole, keys, dictionaries: [], startMs: 0, source: 0, input: "test.csv" },
    reject: (reject: Reject) => void rejects.push(reject),
  };
  const batches = decodeReshaped(profile, context, (own) =>
    csv.decode(Readable.from(chunks), rowsProfile(profile), own),
  );
  for await (const batch of batches) rows.push(...rowsOf(batch, keys, whole));
  return { rows, rejects, keys: keys.names, profile };
}

const LONG = `time,device,metric,value
2026-03-01T00:00,a,temp,21.5
2026-03-01T00:00,a,hum,40
2026-03-01T00:00,b,temp,19
2026-03-01T00:01,a,temp,21.6
2026-03-01T00:01,a,hum,41
2026-03-01T00:01,b,temp,19.1
`;

describe("rows in long format", () => {
  it("become readings with one value", async () => {
    const { rows } = await decode(LONG, { key: "device", numeric: ["temp", "hum"] });
    expect(rows.slice(0, 3)).toEqual([
      { time: "00:00", sensor: "a", values: { temp: 21.5 }, texts: [] },
      { time: "00:00", sensor: "a", values: { hum: 40 }, texts: [] },
      { time: "00:00", sensor: "b", values: { temp: 19 }, texts: [] },
    ]);
  });

  it("are left out where nothing reads the quantity", async () => {
    const { rows, rejects } = await decode(LONG, { key: "device", numeric: ["hum"] });
    expect(rows.map(({ values }) => values)).toEqual([{ hum: 40 }, { hum: 41 }]);
    expect(rejects).toEqual([]);
  });

  it("are rejected where the quantity is unknown, or has no name", async () => {
    const late = "2026-03-01T00:02,a,co2,400\n2026-03-01T00:02,a,,400\n";
    const head = LONG.repeat(1);
    const bytes = Buffer.from(head);
    const profile = csv.profile(bytes, true, "test.csv", { rename: {} });
    const { shape } = profile;
    const pivot = shape?.pivot ?? null;
    const { rows, rejects } = await decode(
      head + late,
      { key: "device", numeric: ["temp", "hum"] },
      {
        shape: {
          pivot: pivot === null ? false : { name: pivot.name, value: pivot.value, path: false },
        },
      },
    );
    expect(rows).toHaveLength(6);
    expect(rejects.map(({ reason, line }) => [reason, line])).toEqual([["no quantity", 8]]);
  });

  it("have the name of a quantity in several columns, if one does not tell probes apart", async () => {
    const two = LONG.replaceAll(/^(.*),temp,(.*)$/gm, "$1,temp,$2\n$1,temp,$2")
      .split("\n")
      .map((line, i) => (i === 0 ? `${line},probe` : line === "" ? line : `${line},p${i % 2}`))
      .join("\n");
    const { profile } = await decode(two, { key: "device" });
    expect(profile.shape?.pivot?.name).toEqual(["metric", "probe"]);
  });

  it("do not count as such without the name of a quantity", async () => {
    const { profile } = await decode(LONG.replace("metric", "room"), { numeric: ["value"] });
    expect(profile.shape).toBeUndefined();
  });

  it("do not count as such if a setting says so, or the columns are declared", async () => {
    for (const shape of [{ pivot: false as const }, { isDeclared: true }]) {
      const { profile } = await decode(LONG, { numeric: ["value"] }, { shape });
      expect(profile.shape).toBeUndefined();
    }
  });
});

const WIDE = `time,site,room1,room2,room3
2026-03-01T00:00,x,21,22,23
2026-03-01T00:01,x,21.5,,23.5
2026-03-01T00:02,y,21.7,22.1,23.1
2026-03-01T00:03,y,23.7,21.1,21.1
`;

describe("topics", () => {
  const text = ["a/temp,21", "a/hum,40", "b/temp,19", "b/hum,50", "a/temp,22", "b/hum,51"]
    .map((line, i) => `2026-03-01T00:0${i},plant/${line}\n`)
    .join("");
  const layout = { key: "topic", numeric: ["hum", "temp"] };

  it("name the sensor, and by their end the quantity", async () => {
    const { rows, profile } = await decode(`time,topic,payload\n${text}`, layout);
    expect(profile.shape?.pivot?.path).toBe(true);
    expect(rows.slice(0, 3).map(({ sensor, values }) => [sensor, values])).toEqual([
      ["plant/a", { temp: 21 }],
      ["plant/a", { hum: 40 }],
      ["plant/b", { temp: 19 }],
    ]);
  });

  it("are sensors if their ends are", async () => {
    const ends = text.replaceAll(/plant\/(\w)\/(\w+)/g, "temp/$2-$1");
    const { profile } = await decode(`time,topic,payload\n${ends}`, { numeric: ["payload"] });
    expect(profile.shape).toBeUndefined();
  });
});

describe("rows in wide format", () => {
  const setting = { columns: ["room*"], value: "temp", key: "sensor" };

  it("become a reading for each column", async () => {
    const { rows } = await decode(
      WIDE,
      { key: "sensor", numeric: ["temp"] },
      { shape: { melt: setting, key: null } },
    );
    expect(rows).toHaveLength(12);
    expect(rows.slice(2, 5)).toEqual([
      { time: "00:00", sensor: "room3", values: { temp: 23 }, texts: [] },
      { time: "00:01", sensor: "room1", values: { temp: 21.5 }, texts: [] },
      { time: "00:01", sensor: "room2", values: {}, texts: [] },
    ]);
  });

  it("have sensors below those of their key", async () => {
    const { keys } = await decode(
      WIDE,
      { key: "sensor", numeric: ["temp"] },
      { shape: { melt: setting, key: ["site"] } },
    );
    expect(keys).toEqual(["x/room1", "x/room2", "x/room3", "y/room1", "y/room2", "y/room3"]);
  });

  it("keep their other numbers as a sensor of their own", async () => {
    const { rows } = await decode(
      WIDE,
      { key: "sensor", numeric: ["temp", "room3"] },
      { shape: { melt: { ...setting, columns: ["room1", "room2"] }, key: null } },
    );
    expect(rows.slice(0, 3).map(({ sensor, values }) => [sensor, values])).toEqual([
      ["room1", { temp: 21 }],
      ["room2", { temp: 22 }],
      ["one", { room3: 23 }],
    ]);
  });
});

describe("a key of several columns", () => {
  it("joins their cells by a slash, and leaves out empty ones", async () => {
    const text = `time,site,room,temp
2026-03-01T00:00,x,1,21
2026-03-01T00:00,x,2,22
2026-03-01T00:00,,2,23
2026-03-01T00:01,,,24
2026-03-01T00:01,x,1,25
`;
    const { rows } = await decode(
      text,
      { key: "site/room", numeric: ["temp"] },
      { shape: { key: ["site", "room"] } },
    );
    expect(rows.map(({ sensor }) => sensor)).toEqual(["x/1", "x/2", "2", "one", "x/1"]);
  });
});

it("readings do not depend on chunks, and are those of a slow pivot", async () => {
  const cell = fc.record({
    sensor: fc.constantFrom("a", "b"),
    metric: fc.constantFrom("temp", "hum", "co2"),
    value: fc.integer({ min: 1, max: 99 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(cell, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 5, max: 300 }),
      async (cells, chunk) => {
        const line = ({ sensor, metric, value }: (typeof cells)[number], i: number): string =>
          `${new Date(START + i * 60_000).toISOString().slice(0, 16)},${sensor},${metric},${value}\n`;
        const text = `time,device,metric,value\n${cells.map(line).join("")}`;
        const { rows, rejects } = await decode(
          text,
          { key: "device", numeric: ["hum", "temp"] },
          { shape: { pivot: { name: ["metric"], value: "value", path: false } } },
          chunk,
        );
        const read = cells.filter(({ metric }) => metric !== "co2");
        expect(rows.map(({ sensor, values }) => ({ sensor, values }))).toEqual(
          read.map(({ sensor, metric, value }) => ({ sensor, values: { [metric]: value } })),
        );
        expect(rejects).toEqual([]);
      },
    ),
    { numRuns: 50 },
  );
});
