import { describe, expect, it } from "vitest";
import type { ColumnProfile } from "../../../../src/io/decoders/input-profile.ts";
import { findKeyColumn } from "../../../../src/io/decoders/shape/find-key.ts";
import { column, profile } from "../../../support/profiles.ts";

const find = (...columns: ColumnProfile[]): string | null =>
  findKeyColumn(profile(column("t", "number"), ...columns), new Set());
const codes = { distinct: 4, min: 1, max: 4, examples: ["1", "2", "3"] };

describe("findKeyColumn", () => {
  it.each(["sensor_id", "SensorID", "device", "Machine Name", "host", "node-id", "tag", "id"])(
    "takes a text column named %s",
    (name) => {
      expect(find(column(name, "text", { distinct: 5 }), column("other", "text"))).toBe(name);
    },
  );

  it("accepts a column of whole numbers with a typical name", () => {
    expect(find(column("device_id", "number", codes))).toBe("device_id");
  });

  it("rejects measurements with any name", () => {
    expect(find(column("sensor", "number", { distinct: 4 }))).toBeNull();
  });

  it("rejects row numbers", () => {
    const running = { distinct: 100, min: 1, max: 100, examples: ["1", "2"] };
    expect(find(column("id", "index", running))).toBeNull();
  });

  it("rejects a column with a different text in every row", () => {
    expect(find(column("id", "text"))).toBeNull();
  });

  it("accepts device names that occur once each, as in the first lines of many sensors", () => {
    expect(find(column("sensor", "text"), column("note", "text"))).toBe("sensor");
    const many = { ...profile(column("sensor", "text", { distinct: 5000 })), rowsSampled: 5000 };
    expect(findKeyColumn(many, new Set())).toBeNull();
  });

  it("accepts the only text column if its values repeat often", () => {
    expect(find(column("room", "text", { distinct: 10 }))).toBe("room");
    expect(find(column("room", "text", { distinct: 11 }))).toBeNull();
    expect(find(column("room", "text", { distinct: 1 }))).toBeNull();
    expect(find(column("room", "text", { distinct: 3 }), column("b", "text"))).toBeNull();
  });

  it.each(["status", "error_message", "Quality"])("rejects text about the reading: %s", (name) => {
    expect(find(column(name, "text", { distinct: 3 }))).toBeNull();
  });

  it("rejects a column with another role", () => {
    const input = profile(column("device", "text", { distinct: 3 }));
    expect(findKeyColumn(input, new Set(["device"]))).toBeNull();
  });
});
