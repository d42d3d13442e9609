import { describe, expect, it } from "vitest";
import type { LiveSource, SourceEvent } from "../../../src/io/sources/live/live-source.ts";
import { SourceFeed } from "../../../src/watch/sources/source-feed.ts";

function feedOf(from: "device" | "file" | "stdin"): { feed: SourceFeed; dropped: number[] } {
  const dropped: number[] = [];
  const isDevice = from === "device";
  const source: LiveSource = { label: "it", stem: "it", path: null, isDevice, run: async () => {} };
  const feed = new SourceFeed(source, {
    wake: () => {},
    event: (_: SourceFeed, event: SourceEvent) => expect(event).toBeNull(),
    dropped: (_, lines) => dropped.push(lines),
    now: () => 7,
  });
  return { feed, dropped };
}

function chunk(firstLine: number, count: number) {
  const lines = Array.from({ length: count }, (_, i) => `line ${firstLine + i}`);
  return { lines, repaired: 0, firstLine, arrivalMs: 0, position: { line: firstLine + count - 1 } };
}

describe("SourceFeed", () => {
  it("gives lines in order, with a position only at the end of a chunk", () => {
    const { feed } = feedOf("file");
    void feed.lines(chunk(1, 3));
    void feed.lines(chunk(4, 1));
    expect(feed.peek(10)).toEqual(["line 1", "line 2", "line 3", "line 4"]);
    expect(feed.take(2)).toMatchObject({ lines: ["line 1", "line 2"], position: undefined });
    expect(feed.peek(10)).toEqual(["line 3", "line 4"]);
    expect(feed.take(9)).toMatchObject({ lines: ["line 3"], firstLine: 3, position: { line: 3 } });
    expect(feed.take(9)).toMatchObject({ lines: ["line 4"], timeMs: 7 });
    expect(feed.take(9)).toBeNull();
  });

  it("pauses a file until its lines are taken", async () => {
    const { feed } = feedOf("file");
    let isThrough = false;
    const through = Promise.resolve(feed.lines(chunk(1, 5000))).then(() => {
      isThrough = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isThrough).toBe(false);
    feed.take(4000);
    await through;
    expect(feed.waiting).toBe(1000);
  });

  it("never pauses a port: drops and counts the oldest lines when the queue is full", () => {
    const { feed, dropped } = feedOf("device");
    for (let i = 0; i < 100; i++) expect(feed.lines(chunk(1 + 1000 * i, 1000))).toBeUndefined();
    expect(feed.waiting).toBeLessThanOrEqual(50_000);
    expect(feed.droppedLines + feed.waiting).toBe(100_000);
    expect(dropped.reduce((sum, lines) => sum + lines, 0)).toBe(feed.droppedLines);
    expect(feed.take(1)?.lines).toEqual([`line ${feed.droppedLines + 1}`]);
  });

  it("holds no lines and pauses no source after close", async () => {
    const { feed } = feedOf("stdin");
    const through = feed.lines(chunk(1, 5000));
    feed.close();
    await through;
    expect(feed.lines(chunk(5001, 5000))).toBeUndefined();
    expect(feed.take(1)).toBeNull();
  });
});
