import { describe, expect, it } from "vitest";
import type { LiveSource, SourceEvent } from "../../../src/io/sources/live/live-source.ts";
import { LineQueue } from "../../../src/watch/sources/line-queue.ts";

function queueOf(from: "device" | "file" | "stdin"): { queue: LineQueue; dropped: number[] } {
  const dropped: number[] = [];
  const isDevice = from === "device";
  const source: LiveSource = { label: "it", stem: "it", path: null, isDevice, run: async () => {} };
  const queue = new LineQueue(source, {
    wake: () => {},
    event: (_: LineQueue, event: SourceEvent) => expect(event).toBeNull(),
    dropped: (_, lines) => dropped.push(lines),
    now: () => 7,
  });
  return { queue, dropped };
}

function chunk(firstLine: number, count: number) {
  const lines = Array.from({ length: count }, (_, i) => `line ${firstLine + i}`);
  return { lines, repaired: 0, firstLine, arrivalMs: 0, position: { line: firstLine + count - 1 } };
}

describe("LineQueue", () => {
  it("gives lines in order, with a position only at the end of a chunk", () => {
    const { queue } = queueOf("file");
    void queue.lines(chunk(1, 3));
    void queue.lines(chunk(4, 1));
    expect(queue.peek(10)).toEqual(["line 1", "line 2", "line 3", "line 4"]);
    expect(queue.take(2)).toMatchObject({ lines: ["line 1", "line 2"], position: undefined });
    expect(queue.peek(10)).toEqual(["line 3", "line 4"]);
    expect(queue.take(9)).toMatchObject({ lines: ["line 3"], firstLine: 3, position: { line: 3 } });
    expect(queue.take(9)).toMatchObject({ lines: ["line 4"], timeMs: 7 });
    expect(queue.take(9)).toBeNull();
  });

  it("pauses a file until its lines are taken", async () => {
    const { queue } = queueOf("file");
    let isThrough = false;
    const through = Promise.resolve(queue.lines(chunk(1, 5000))).then(() => {
      isThrough = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isThrough).toBe(false);
    queue.take(4000);
    await through;
    expect(queue.waiting).toBe(1000);
  });

  it("never pauses a port: drops and counts the oldest lines when the queue is full", () => {
    const { queue, dropped } = queueOf("device");
    for (let i = 0; i < 100; i++) expect(queue.lines(chunk(1 + 1000 * i, 1000))).toBeUndefined();
    expect(queue.waiting).toBeLessThanOrEqual(50_000);
    expect(queue.droppedLines + queue.waiting).toBe(100_000);
    expect(dropped.reduce((sum, lines) => sum + lines, 0)).toBe(queue.droppedLines);
    expect(queue.take(1)?.lines).toEqual([`line ${queue.droppedLines + 1}`]);
  });

  it("holds no lines and pauses no source after close", async () => {
    const { queue } = queueOf("stdin");
    const through = queue.lines(chunk(1, 5000));
    queue.close();
    await through;
    expect(queue.lines(chunk(5001, 5000))).toBeUndefined();
    expect(queue.take(1)).toBeNull();
  });
});
