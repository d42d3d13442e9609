import { describe, expect, it } from "vitest";
import type { LiveSource } from "../../../src/io/sources/live/live-source.ts";
import { FirstLines } from "../../../src/watch/sources/first-lines.ts";
import { LineQueue } from "../../../src/watch/sources/line-queue.ts";

/** Counts the characters that detection reads. */
class CountingQueue extends LineQueue {
  characters = 0;

  override peek(most: number): readonly string[] {
    const lines = super.peek(most);
    for (const line of lines) this.characters += line.length;
    return lines;
  }
}

/** A source whose lines the test gives. */
function firstLines(from: "device" | "file" | "stdin") {
  const isDevice = from === "device";
  const source: LiveSource = { label: "it", stem: "it", path: null, isDevice, run: async () => {} };
  const hooks = { wake: () => {}, event: () => {}, dropped: () => {}, now: () => 0 };
  const queue = new CountingQueue(source, hooks);
  const first = new FirstLines(queue, { format: "auto", decode: { rename: {} }, set: {} });
  let count = 0;
  return {
    queue,
    first,
    give(line: string): void {
      count += 1;
      const about = { repaired: 0, firstLine: count, arrivalMs: 0, position: null };
      void queue.lines({ lines: [line], ...about });
    },
  };
}

describe("FirstLines", () => {
  it("needs five lines of a port that differ only in their numbers", () => {
    const { first, give } = firstLines("device");
    give("boot v1.2");
    for (let i = 0; i < 4; i++) give(`temp:2${i}.4,hum:45`);
    expect(first.detect(0, null)).toBeNull();
    give("temp:-3.4,hum:45");
    expect(first.detect(0, null)?.profile.format).toBe("keyvalue");
  });

  it("needs three such lines after one second, and any line after two", () => {
    const { first, give } = firstLines("device");
    for (let i = 0; i < 3; i++) give(`temp:2${i}.4`);
    expect(first.detect(0, null)).toBeNull();
    expect(first.detectsIn(0)).toBe(1000);
    expect(first.detect(999, null)).toBeNull();
    expect(first.detect(1000, null)?.profile.columns.map(({ name }) => name)).toEqual(["temp"]);
    const other = firstLines("device");
    other.give("temp:21.4");
    expect(other.first.detect(0, null)).toBeNull();
    expect(other.first.detectsIn(1000)).toBe(1000);
    expect(other.first.detect(1000, null)).toBeNull();
    expect(other.first.detect(2000, null)?.profile.format).toBe("keyvalue");
  });

  it("waits for more lines when they differ, or may belong to many sensors", () => {
    const mixed = firstLines("device");
    for (let i = 0; i < 10; i++) mixed.give(i % 2 === 0 ? `temp:2${i}` : `hum:4${i}`);
    expect(mixed.first.detect(0, null)).toBeNull();
    expect(mixed.first.detect(1500, null)).toBeNull();
    const names = mixed.first.detect(2000, null)?.profile.columns.map(({ name }) => name);
    expect(names).toEqual(["temp", "hum"]);
    const piped = firstLines("stdin");
    for (let i = 0; i < 19; i++) piped.give(`temp:2${i}`);
    expect(piped.first.detect(0, null)).toBeNull();
    piped.give("temp:2");
    expect(piped.first.detect(0, null)?.profile.format).toBe("keyvalue");
  });

  it.each([
    ["as they arrive", 0],
    ["and after two seconds", 5000],
  ])("reads long lines of no format a few times only, %s", (_, now) => {
    const { queue, first, give } = firstLines("stdin");
    const line = "?".repeat(60_000);
    for (let i = 0; i < 199; i++) {
      give(line);
      const at = i === 0 ? 0 : now;
      expect(first.detect(at, null)).toBeNull();
      expect(first.detectsIn(at)).not.toBe(0); // otherwise detection would run in an endless loop
    }
    expect(queue.characters).toBeLessThan(3 * 199 * line.length);
    give(line);
    expect(() => first.detect(now, null)).toThrow("can't read lines in any known format");
  });

  it("reads all short lines again with each new line", () => {
    const { queue, first, give } = firstLines("stdin");
    for (let i = 0; i < 199; i++) {
      give("?".repeat(80));
      const before = queue.characters;
      expect(first.detect(0, null)).toBeNull();
      if (i >= 19) expect(queue.characters).toBe(before + 80 * (i + 1));
    }
  });

  it("keeps only the newest lines of a port when two hundred have no format", () => {
    const { queue, first, give } = firstLines("device");
    for (let i = 0; i < 200; i++) give("?".repeat(100));
    expect(first.detect(0, null)).toBeNull();
    expect(queue.waiting).toBe(20);
  });

  it("decides on the first lines when all come at once and the later ones have no format", () => {
    const { first, give } = firstLines("file");
    give("time,temp");
    for (let i = 0; i < 60; i++) give(`2026-03-01T09:00:${10 + (i % 50)}Z,2${i % 10}`);
    for (let i = 0; i < 140; i++) give(`FW2 boot #${i} @@`);
    expect(first.detect(0, null)?.profile.format).toBe("csv");
  });
});
