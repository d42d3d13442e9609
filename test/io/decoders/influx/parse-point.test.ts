import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePoint } from "../../../../src/io/decoders/influx/parse-point.ts";

const escaped = (text: string, characters: RegExp): string => text.replace(characters, "\\$&");

describe("a point of the line protocol", () => {
  it("is measurement, tags, fields and timestamp", () => {
    expect(
      parsePoint('my\\ room,a\\,b=c\\=d t=1.5,n=-3i,u=7u,on=T,off=false,s="x, \\"y\\" \\\\" 17'),
    ).toEqual({
      measurement: "my room",
      tags: [{ name: "a,b", value: "c=d" }],
      fields: [
        { name: "t", value: "1.5" },
        { name: "n", value: "-3" },
        { name: "u", value: "7" },
        { name: "on", value: "true" },
        { name: "off", value: "false" },
        { name: "s", value: 'x, "y" \\' },
      ],
      timestamp: "17",
    });
  });

  it.each([
    ["", "the measurement is missing"],
    [",a=b c=1", "the measurement is missing"],
    ["m", "a field has no name"],
    ["m,a c=1", 'tag "a" has no value'],
    ["m a", 'field "a" has no value'],
    ["m a=", "a field has no value"],
    ['m a="x', "a text has no closing quote"],
    ["m a=1 b=2", "the text after the fields is not a timestamp"],
    ["m a=1,", "a field has no name"],
  ])("is not %j: %s", (line, wrong) => {
    expect(parsePoint(line)).toEqual({ wrong });
  });

  it("is parsed as written, with any characters", () => {
    // a backslash in front of what is escaped has no spelling of its own in the protocol
    const name = fc
      .stringMatching(/^[a-zA-Z0-9 ,=é"_.]{1,10}$/)
      .filter((text) => text === text.trim());
    const text = fc.string({ maxLength: 12 }).filter((value) => !/[\r\n]/.test(value));
    const part = fc.record({ name, value: name });
    const field = fc.oneof(
      fc.record({ name, value: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) }),
      fc.record({ name, value: fc.integer().map(String), mark: fc.constantFrom("i") }),
      fc.record({ name, value: text, mark: fc.constantFrom("text") }),
    );
    fc.assert(
      fc.property(
        name,
        fc.array(part, { maxLength: 4 }),
        fc.array(field, { minLength: 1, maxLength: 5 }),
        fc.option(fc.maxSafeInteger().map(String)),
        (measurement, tags, fields, timestamp) => {
          const head = escaped(measurement, /[, ]/g);
          const key = (word: string): string => escaped(word, /[,= ]/g);
          const written = fields.map((entry) => {
            const mark = "mark" in entry ? entry.mark : "";
            const value =
              mark === "text" ? `"${escaped(entry.value, /["\\]/g)}"` : entry.value + mark;
            return `${key(entry.name)}=${value}`;
          });
          const line = [
            [head, ...tags.map((tag) => `${key(tag.name)}=${key(tag.value)}`)].join(","),
            written.join(","),
            ...(timestamp === null ? [] : [timestamp]),
          ].join(" ");
          expect(parsePoint(line)).toEqual({
            measurement,
            tags,
            fields: fields.map((entry) => ({ name: entry.name, value: entry.value })),
            timestamp,
          });
        },
      ),
    );
  });
});
