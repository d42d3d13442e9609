import { describe, expect, it } from "vitest";
import { pipelineOf } from "../../src/config/parse.ts";
import { readingFields, sentFields } from "../../src/service/rows/sent-fields.ts";

/** How the rows of clients are read by a pipeline. */
function read(source: object, buffer: object, rows: readonly Readonly<Record<string, unknown>>[]) {
  const document = { version: 1, source: { type: "http", ...source }, buffer };
  const { config } = pipelineOf(document, { label: "test", name: "test", variables: {} });
  return readingFields(rows, sentFields(config));
}

describe("rows of clients", () => {
  it("stay as they are without settings", () => {
    const rows = [{ a: 1, quantity: "x", value: 2 }];
    expect(read({}, {}, rows)).toBe(rows);
  });

  it("are renamed, and then pivoted", () => {
    const source = { rename: { metric: "quantity" }, pivot: { name: "quantity", value: "value" } };
    expect(
      read(source, {}, [
        { time: 1, metric: "temp", value: 21.5 },
        { time: 1, metric: "", value: 3 },
        { time: 2, temp: 22 },
      ]),
    ).toEqual([
      { time: 1, temp: 21.5 },
      { time: 1, quantity: "", value: 3 },
      { time: 2, temp: 22 },
    ]);
  });

  it("have the sensor and the quantity of a topic", () => {
    const source = { pivot: { name: "topic", value: "payload", path: true } };
    expect(read(source, {}, [{ topic: "plant/a/temp", payload: 21.5 }])).toEqual([
      { topic: "plant/a", temp: 21.5 },
    ]);
  });

  it("have a key of several fields", () => {
    const rows = [{ site: "x", room: 2 }, { room: 3 }, {}];
    expect(read({}, { key: ["site", "room"] }, rows).map((row) => row["site/room"])).toEqual([
      ...["x/2", "3", ""],
    ]);
  });
});
