import { describe, expect, it } from "vitest";
import type { LiveSource } from "../../../src/io/sources/live-source.ts";
import { FirstLines } from "../../../src/live/watch/first-lines.ts";
import { SourceFeed } from "../../../src/live/watch/source-feed.ts";

/** A source that these lines have come from. */
function firstLines(kind: LiveSource["kind"]) {
  const source: LiveSource = { label: "it", stem: "it", path: null, kind, run: async () => {} };
  const hooks = { wake: () => {}, event: () => {}, dropped: () => {}, now: () => 0 };
  const feed = new SourceFeed(source, hooks);
  const first = new FirstLines(feed, { format: "auto", rename: {}, set: {} });
  let count = 0;
  return {
    first,
    give(line: string): void {
      count += 1;
      const about = { repaired: 0, firstLine: count, arrivalMs: 0, position: null };
      void feed.lines({ lines: [line], ...about });
    },
  };
}

describe("FirstLines", () => {
  it("is sure of a port after five lines that differ in numbers only", () => {
    const { first, give } = firstLines("serial");
    give("boot v1.2");
    for (let i = 0; i < 4; i++) give(`temp:2${i}.4,hum:45`);
    expect(first.look(0, null)).toBeNull();
    give("temp:-3.4,hum:45");
    expect(first.look(0, null)?.profile.format).toBe("keyvalue");
  });

  it("is sure of three of them after a second, and of any after two", () => {
    const { first, give } = firstLines("serial");
    for (let i = 0; i < 3; i++) give(`temp:2${i}.4`);
    expect(first.look(0, null)).toBeNull();
    expect(first.patience(0)).toBe(1000);
    expect(first.look(999, null)).toBeNull();
    expect(first.look(1000, null)?.profile.columns.map(({ name }) => name)).toEqual(["temp"]);
    const other = firstLines("serial");
    other.give("temp:21.4");
    expect(other.first.look(0, null)).toBeNull();
    expect(other.first.patience(1000)).toBe(1000);
    expect(other.first.look(1000, null)).toBeNull();
    expect(other.first.look(2000, null)?.profile.format).toBe("keyvalue");
  });

  it("waits for more where lines are not alike, or may come from many", () => {
    const mixed = firstLines("serial");
    for (let i = 0; i < 10; i++) mixed.give(i % 2 === 0 ? `temp:2${i}` : `hum:4${i}`);
    expect(mixed.first.look(0, null)).toBeNull();
    expect(mixed.first.look(1500, null)).toBeNull();
    const names = mixed.first.look(2000, null)?.profile.columns.map(({ name }) => name);
    expect(names).toEqual(["temp", "hum"]);
    const piped = firstLines("stdin");
    for (let i = 0; i < 19; i++) piped.give(`temp:2${i}`);
    expect(piped.first.look(0, null)).toBeNull();
    piped.give("temp:2");
    expect(piped.first.look(0, null)?.profile.format).toBe("keyvalue");
  });
});
