import { describe, expect, it } from "vitest";
import { patternFault, TopicPattern } from "../../../../src/io/sources/mqtt/topic-pattern.ts";

describe("TopicPattern", () => {
  const pattern = new TopicPattern("site/{site}/{sensor_id}/{column}");

  it("names the levels of a topic", () => {
    expect(pattern.match("site/bonn/k-1/temperature")).toEqual({
      fields: { site: "bonn", sensor_id: "k-1" },
      column: "temperature",
    });
  });

  it.each(["site/bonn/k-1", "site/bonn/k-1/temperature/max", "place/bonn/k-1/temperature"])(
    "does not match %s",
    (topic) => {
      expect(pattern.match(topic)).toBeNull();
    },
  );

  it("has the topic filter of its topics", () => {
    expect(pattern.filter).toBe("site/+/+/+");
    expect(new TopicPattern("a/{id}/#").filter).toBe("a/+/#");
  });

  it("matches any further levels with #, and any one level with +", () => {
    const open = new TopicPattern("+/{id}/#");
    expect(open.match("x/k-1")).toEqual({ fields: { id: "k-1" }, column: null });
    expect(open.match("x/k-1/a/b")?.fields).toEqual({ id: "k-1" });
    expect(open.match("x")).toBeNull();
  });
});

describe("patternFault", () => {
  it("accepts named levels and wildcards", () => {
    expect(patternFault("a/+/{id}/#")).toBeNull();
  });

  it.each([
    ["a/b", "must name a part"],
    ["a/x{id}", "a whole level"],
    ["a/{id}/{id}", "each part once"],
    ["#/{id}", "# only as its last level"],
  ])("rejects %s", (text, fault) => {
    expect(patternFault(text)).toContain(fault);
  });
});
