import { describe, expect, it } from "vitest";
import { findKeyColumn } from "../../src/config/infer/find-key.ts";
import type { ColumnProfile } from "../../src/io/decoders/decoder.ts";
import { column, profile } from "../support/profiles.ts";

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

  it("takes a column of whole numbers with a telling name", () => {
    expect(find(column("device_id", "number", codes))).toBe("device_id");
  });

  it("takes no measurements, however they are named", () => {
    expect(find(column("sensor", "number", { distinct: 4 }))).toBeNull();
  });

  it("takes no running number", () => {
    const running = { distinct: 100, min: 1, max: 100, examples: ["1", "2"] };
    expect(find(column("id", "index", running))).toBeNull();
  });

  it("takes no name that is another one in every row", () => {
    expect(find(column("id", "text"))).toBeNull();
  });

  it("takes names of things where each has come once, as among the first lines of many sensors", () => {
    expect(find(column("sensor", "text"), column("note", "text"))).toBe("sensor");
    const many = { ...profile(column("sensor", "text", { distinct: 5000 })), rowsSampled: 5000 };
    expect(findKeyColumn(many, new Set())).toBeNull();
  });

  it("takes the only text column when its values repeat a lot", () => {
    expect(find(column("room", "text", { distinct: 10 }))).toBe("room");
    expect(find(column("room", "text", { distinct: 11 }))).toBeNull();
    expect(find(column("room", "text", { distinct: 1 }))).toBeNull();
    expect(find(column("room", "text", { distinct: 3 }), column("b", "text"))).toBeNull();
  });

  it.each(["status", "error_message", "Quality"])("takes no text about the reading: %s", (name) => {
    expect(find(column(name, "text", { distinct: 3 }))).toBeNull();
  });

  it("takes no column that plays another part", () => {
    const input = profile(column("device", "text", { distinct: 3 }));
    expect(findKeyColumn(input, new Set(["device"]))).toBeNull();
  });
});
