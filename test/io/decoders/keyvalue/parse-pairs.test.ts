import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePairs } from "../../../../src/io/decoders/keyvalue/parse-pairs.ts";

const pairsOf = (line: string): Record<string, string> =>
  Object.fromEntries(
    parsePairs(line).map(({ name, value, measure }) => [name, measure?.number ?? value]),
  );

describe("the pairs of a line", () => {
  it.each([
    ["temp:23.4,hum:45", { temp: "23.4", hum: "45" }],
    ["temp=23.4 hum=45", { temp: "23.4", hum: "45" }],
    ["temp: 23.4 C", { temp: "23.4" }],
    ["temp:\t23.4\thum:\t45\r", { temp: "23.4", hum: "45" }],
    ["temp = 23.4 °C; rel hum = 45%", { temp: "23.4", "rel hum": "45" }],
    ["temp:23.4\ufffdC", { temp: "23.4" }],
    ["23.4 45.1", { value_1: "23.4", value_2: "45.1" }],
    ["23.4,-45.1e-1", { value_1: "23.4", value_2: "-45.1e-1" }],
    [
      "Humidity: 55.00%  Temperature: 24.00°C 75.20°F  Heat index: 23.99°C 75.18°F",
      {
        Humidity: "55.00",
        Temperature: "24.00",
        Temperature_2: "75.20",
        "Heat index": "23.99",
        "Heat index_2": "75.18",
      },
    ],
    ["Temperature (C): 23.4, Rel Hum: 45 %", { "Temperature (C)": "23.4", "Rel Hum": "45" }],
    ["Temperature 23.4 C Humidity 45 %", { Temperature: "23.4", Humidity: "45" }],
    ["sensors/kitchen 23.4", { "sensors/kitchen": "23.4" }],
    ["I (12345) main: temp=23.4", { temp: "23.4" }],
    ["12:03:44.123 -> temp: 23.4", { time: "12:03:44.123", temp: "23.4" }],
    ["12:03:44 time: 7, temp: 23.4", { time: "7", temp: "23.4" }],
    ["[12:03:44][D][dht:048]: Got Temp=21.6°C", { time: "12:03:44", Temp: "21.6" }],
    ["[2026-03-01T09:30:00Z] temp=23.4", { time: "2026-03-01T09:30:00Z", temp: "23.4" }],
    ["at: 2026-03-01 09:30:00, temp: 3", { at: "2026-03-01 09:30:00", temp: "3" }],
    ['id=12ab name="living room" on=true', { id: "12ab", name: "living room", on: "true" }],
    ["temp:,hum:45", { temp: "", hum: "45" }],
    ["temp:1 temp:2", { temp: "1", temp_2: "2" }],
    ["x := 3, y => 4", { x: "3", y: "4" }],
    ["load:0x3fff0030,len:1344", { load: "0x3fff0030", len: "1344" }],
    [":::=", {}],
    ["no reading here", {}],
  ])("%s", (line, expected) => {
    expect(pairsOf(line)).toEqual(expected);
  });

  it("are the written ones, with any separators", () => {
    const name = fc.stringMatching(/^[a-z][a-z_0-9]{0,8}$/).filter((text) => !/^value/.test(text));
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
      .map((x) => String(x));
    const unit = fc.constantFrom("", "C", " C", "°C", " %", "%", " hPa", "m/s");
    const separator = fc.constantFrom(":", "=", ": ", " = ", ":\t");
    const delimiter = fc.constantFrom(",", ", ", ";", "\t", " ", "  ", " | ");
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ name, number, unit }), {
          minLength: 1,
          maxLength: 8,
          selector: (pair) => pair.name,
        }),
        separator,
        delimiter,
        (pairs, between, after) => {
          const line = pairs
            .map((pair) => pair.name + between + pair.number + pair.unit)
            .join(after);
          expect(pairsOf(line)).toEqual(
            Object.fromEntries(pairs.map((pair) => [pair.name, pair.number])),
          );
        },
      ),
    );
  });
});
