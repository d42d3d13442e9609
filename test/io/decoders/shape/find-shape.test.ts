import { describe, expect, it } from "vitest";
import { profileColumns } from "../../../../src/io/decoders/columns/profile-columns.ts";
import type { DecodeOptions } from "../../../../src/io/decoders/decode-context.ts";
import { findKeyColumn } from "../../../../src/io/decoders/shape/find-key.ts";

const DOT = 46;
const ROWS = 60;

/** Cells of a column by row. */
type Cells = (row: number) => string | number;

const minute = (row: number): string =>
  new Date(Date.UTC(2026, 2, 1) + row * 60_000).toISOString().slice(0, 16);
/** A number that is no counter. */
const wave = (row: number, level = 20): string => (level + ((row * 7) % 11) / 10).toFixed(1);

function profileOf(columns: Readonly<Record<string, Cells>>, options: Partial<DecodeOptions> = {}) {
  const sampled = Object.entries(columns).map(([name, cell]) => ({
    ...{ name, nameless: false },
    cells: Array.from({ length: ROWS }, (_, row) => String(cell(row))),
  }));
  const profiled = profileColumns(sampled, DOT, { input: "x.csv", arrivalMs: null }, options);
  const { columns: found, facts } = profiled;
  const numbers = found.filter(({ role }) => role === "number").map(({ name }) => name);
  const remarks = profiled.remarks.map(({ text }) => text).join("\n");
  const times = facts.time?.kind === "plan" ? facts.time.plan.columns : [];
  const profile = { format: "csv", columns: found, rowsSampled: ROWS, ...facts };
  return { ...facts, numbers, remarks, key: findKeyColumn(profile, new Set(times)) };
}

/** Columns of a long format: two sensors, two quantities. */
const long = {
  time: (row: number) => minute(Math.floor(row / 4)),
  device: (row: number) => `d${Math.floor(row / 2) % 2}`,
  quantity: (row: number) => (row % 2 === 0 ? "temp" : "hum"),
  value: (row: number) => wave(row, row % 2 === 0 ? 20 : 50),
};

describe("findShape of a long format", () => {
  it("finds the quantities, the sensors, and that rows are parts of readings", () => {
    const { shape, joins, numbers, key } = profileOf(long);
    expect(shape?.pivot).toEqual({
      ...{ name: ["quantity"], value: "value", path: false, isSorted: false },
      columns: { temp: "temp", hum: "hum" },
    });
    expect([joins, numbers, key]).toEqual([true, ["temp", "hum"], "device"]);
  });

  it.each(["metric", "Parameter", "VarName", "_field", "observedProperty", "Messgröße"])(
    "knows a quantity by the name %s",
    (name) => {
      const { quantity, ...rest } = long;
      expect(profileOf({ ...rest, [name]: quantity }).numbers).toEqual(["temp", "hum"]);
    },
  );

  it("takes a column named type as quantity only beside that of the sensors", () => {
    const { quantity, device, ...rest } = long;
    expect(profileOf({ ...rest, device, type: quantity }).numbers).toEqual(["temp", "hum"]);
    expect(profileOf({ ...rest, type: quantity }).numbers).toEqual(["value"]);
  });

  it("takes no type of device as quantity", () => {
    const { quantity: _, ...rest } = long;
    const { shape } = profileOf({ ...rest, type: (row) => `kind of ${rest.device(row)}` });
    expect(shape).toBeUndefined();
  });

  it("leaves out units, numbers beside the value, and marks", () => {
    const { numbers, key, remarks } = profileOf({
      ...long,
      unit: (row) => (row % 2 === 0 ? "°C" : "%"),
      validity: (row) => row % 3,
    });
    expect([numbers, key]).toEqual([["temp", "hum"], "device"]);
    expect(remarks).toContain("beside the values");
  });

  it("sorts series that come one after the other", () => {
    const { shape } = profileOf({
      time: (row) => minute(row % 15),
      device: (row) => `d${Math.floor(row / 15) % 2}`,
      quantity: (row) => (row < 30 ? "temp" : "hum"),
      value: (row) => wave(row),
    });
    expect(shape?.pivot?.isSorted).toBe(true);
  });

  it("renames quantities", () => {
    const { numbers } = profileOf(long, { rename: { temp: "temperature" } });
    expect(numbers).toEqual(["temperature", "hum"]);
  });

  it("gives a quantity with the name of another column a name of its own", () => {
    const { quantity, ...rest } = long;
    const { numbers } = profileOf({
      ...rest,
      quantity: (row) => quantity(row).replace("temp", "device"),
    });
    expect(numbers).toEqual(["device_2", "hum"]);
  });
});

describe("findShape of a wide format", () => {
  const rooms = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`room${i + 1}`, (row: number) => wave(row + i)]),
    );

  it("makes a sensor of each column if they are all", () => {
    const { shape, numbers, key } = profileOf({ time: minute, ...rooms(4) });
    expect(shape?.melt?.columns).toEqual(["room1", "room2", "room3", "room4"]);
    expect([numbers, key]).toEqual([["value"], "sensor"]);
  });

  it("offers it if there are other numbers", () => {
    const { shape, remarks } = profileOf({
      time: minute,
      ...rooms(4),
      outside: (row) => wave(row, 5),
    });
    expect(shape).toBeUndefined();
    expect(remarks).toContain('source.melt: { columns: ["room*"] }');
  });

  it.each([
    ["two columns", rooms(2)],
    [
      "columns with other ranges",
      {
        p1: (row: number) => wave(row),
        p2: (row: number) => wave(row, 90),
        p3: (row: number) => wave(row, 400),
      },
    ],
    ["components", { v1: wave, v2: wave, v3: wave }],
  ])("leaves %s as they are", (_, columns) => {
    expect(profileOf({ time: minute, ...columns }).shape).toBeUndefined();
  });

  it("puts the sensors below those of a key", () => {
    const { shape, key } = profileOf({
      time: (row) => minute(Math.floor(row / 2)),
      site: (row) => `s${row % 2}`,
      ...rooms(3),
    });
    expect([shape?.key, key]).toEqual([["site"], "sensor"]);
  });

  it("leaves them as they are if a setting says so", () => {
    const { shape } = profileOf({ time: minute, ...rooms(4) }, { shape: { melt: false } });
    expect(shape).toBeUndefined();
  });
});

describe("findShape of parts", () => {
  const parts = {
    time: (row: number) => minute(Math.floor(row / 2)),
    temp: (row: number) => (row % 2 === 0 ? wave(row) : ""),
    hum: (row: number) => (row % 2 === 1 ? wave(row, 50) : ""),
  };

  it("finds that rows of one time complement each other", () => {
    expect(profileOf(parts).joins).toBe(true);
  });

  it("does not join rows with values in the same column, rows of other times, or if a setting says so", () => {
    expect(profileOf({ ...parts, hum: (row) => wave(row, 50) }).joins).toBeUndefined();
    expect(profileOf({ ...parts, time: minute }).joins).toBeUndefined();
    expect(profileOf(parts, { shape: { join: false } }).joins).toBeUndefined();
  });
});

describe("findShape of keys", () => {
  it("takes small whole numbers of which each time has all as the sensor", () => {
    const { key, numbers } = profileOf({
      time: (row) => minute(Math.floor(row / 3)),
      mote: (row) => (row % 3) + 1,
      temp: wave,
    });
    expect([key, numbers]).toEqual(["mote", ["mote", "temp"]]);
    const other = profileOf({
      time: (row) => minute(Math.floor(row / 3)),
      position: (row) => (row % 3) + 1,
      temp: wave,
    });
    expect(other.key).toBe("position");
  });

  it("does not take an hour, or numbers that repeat without an order", () => {
    expect(profileOf({ time: minute, hour: (row) => row % 12, temp: wave }).key).toBeNull();
    expect(profileOf({ time: minute, level: (row) => (row * row) % 5, temp: wave }).key).toBeNull();
  });

  it("never takes numbers with separators", () => {
    const cell = (row: number): string => `1.0${10 + (row % 3)},25 x`.replace(" x", "");
    expect(profileOf({ time: minute, pressure: cell, temp: wave }).key).toBeNull();
  });

  it.each(["end_device_ids.device_id", "device.id", "tags.host", "meta/sensor"])(
    "takes %s by the end of its path",
    (name) => {
      const other = (row: number): string => `text ${row % 2}`;
      const { key } = profileOf({
        time: minute,
        [name]: (row) => `n${row % 3}`,
        other,
        temp: wave,
      });
      expect(key).toBe(name);
    },
  );

  it("joins the columns of a setting", () => {
    const { key } = profileOf(
      { time: minute, site: (row) => `s${row % 2}`, room: (row) => row % 5, temp: wave },
      { shape: { key: ["site", "room"] } },
    );
    expect(key).toBe("site/room");
  });
});
