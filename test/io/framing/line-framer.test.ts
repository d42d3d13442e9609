import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type FramerStart,
  LineFramer,
  MAX_LINE_BYTES,
} from "../../../src/io/framing/line-framer.ts";

/** What a framer made of all bytes. */
interface Framed {
  readonly lines: string[];
  repaired: number;
  tooLong: number;
}

function frame(chunks: readonly Uint8Array[], start: FramerStart = {}): Framed {
  const framer = new LineFramer(start);
  const all: Framed = { lines: [], repaired: 0, tooLong: 0 };
  const outputs = [...chunks.map((chunk) => framer.push(overwritten(chunk))), framer.finish()];
  for (const { lines, repaired, tooLong } of outputs) {
    all.lines.push(...lines);
    all.repaired += repaired;
    all.tooLong += tooLong;
  }
  return all;
}

/** Where all chunks are read into, one after the other. */
const shared = Buffer.alloc(1_048_576);

function overwritten(chunk: Uint8Array): Uint8Array {
  shared.fill("!");
  shared.set(chunk);
  return shared.subarray(0, chunk.length);
}

/** The plainest form of the same: all bytes at once, one character each. */
function oracle(bytes: Uint8Array, { midLine = false, atStart = false }: FramerStart = {}): Framed {
  const all: Framed = { lines: [], repaired: 0, tooLong: 0 };
  const parts = Buffer.from(bytes)
    .toString("latin1")
    .split(/\r\n|\r|\n/);
  if (parts.at(-1) === "") parts.pop();
  if (midLine) parts.shift();
  for (const [i, part] of parts.entries()) {
    const unmarked = atStart && !midLine && i === 0 ? part.replace(/^\xef\xbb\xbf/, "") : part;
    const text = Buffer.from(unmarked, "latin1").toString();
    const tooLong = part.length > MAX_LINE_BYTES;
    all.lines.push(tooLong ? "" : text);
    if (tooLong) all.tooLong += 1;
    else if (Buffer.from(text).toString("latin1") !== unmarked) all.repaired += 1;
  }
  return all;
}

function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [
    0,
    ...places.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  return edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
}

const pieces = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("\n", "\r", "\r\n", "\n\r", "\r\r\n") },
    {
      weight: 4,
      arbitrary: fc.constantFrom("temp:23.4,hum:45.1", "°C", "🌡", "\ufeff", "\0", "\ufffd"),
    },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 4 }) },
    { weight: 1, arbitrary: fc.nat(3).map((n) => "x".repeat(MAX_LINE_BYTES - 1 + n)) },
  ),
  { maxLength: 14 },
);

const bytesOf = (parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

describe("LineFramer", () => {
  it("gives the same lines, however the bytes are split", () => {
    const start = fc.record({ midLine: fc.boolean(), atStart: fc.boolean() });
    const check = fc.property(
      pieces,
      fc.array(fc.nat(), { maxLength: 12 }),
      start,
      (parts, cuts, from) => {
        const bytes = bytesOf(parts);
        const expected = oracle(bytes, from);
        expect(frame([bytes], from)).toEqual(expected);
        expect(frame(cutAt(bytes, cuts), from)).toEqual(expected);
      },
    );
    fc.assert(check, { numRuns: 300 });
  });

  it("gives the same lines byte by byte", () => {
    const bytes = Buffer.from("\ufeffa\r\nb\rc\n\r\r\n°\r\n🌡\xff\n\n");
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(frame(single, { atStart: true })).toEqual(oracle(bytes, { atStart: true }));
  });

  it("ends a line at its CR, and ignores an LF that follows later", () => {
    const framer = new LineFramer();
    expect(framer.push(Buffer.from("a\r")).lines).toEqual(["a"]);
    expect(framer.afterCr).toBe(true);
    expect(framer.push(Buffer.from("\nb")).lines).toEqual([]);
    expect(framer.push(Buffer.from("\n")).lines).toEqual(["b"]);
  });

  it("replaces a line that is too long by an empty one, and continues after it", () => {
    const long = "y".repeat(MAX_LINE_BYTES + 1);
    const longest = "z".repeat(MAX_LINE_BYTES);
    expect(frame([Buffer.from(`a\n${long}\nb\n${longest}\n`)])).toEqual({
      lines: ["a", "", "b", longest],
      repaired: 0,
      tooLong: 1,
    });
  });

  it("replaces bytes that are not UTF-8, and counts the lines", () => {
    const bytes = Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a, 0xc3, 0x0a]);
    expect(frame([bytes])).toEqual({ lines: ["a\ufffd", "b", "\ufffd"], repaired: 2, tooLong: 0 });
  });

  it("drops the rest of a line if it starts inside one, but not if it starts at a line end", () => {
    expect(frame([Buffer.from("3.4\r"), Buffer.from("\n5\n")], { midLine: true }).lines).toEqual([
      "5",
    ]);
    expect(frame([Buffer.from("\n5\n")], { midLine: true }).lines).toEqual(["5"]);
  });

  it("continues after a CR as if it had read it", () => {
    expect(frame([Buffer.from("\na\n")], { afterCr: true }).lines).toEqual(["a"]);
  });

  it("reports how many bytes of an incomplete line it drops", () => {
    const framer = new LineFramer();
    framer.push(Buffer.from("a\nbcd"));
    expect(framer.pendingBytes).toBe(3);
    expect(framer.drop()).toBe(3);
    expect(framer.push(Buffer.from("e\n")).lines).toEqual(["e"]);
  });

  it("holds at most one line, however long the line is", () => {
    const framer = new LineFramer();
    const chunk = Buffer.alloc(1_048_576, "x");
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 200; i++) framer.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1_048_576);
    expect(framer.pendingBytes).toBe(200 * chunk.length);
    expect(framer.push(Buffer.from("\na\n"))).toEqual({
      lines: ["", "a"],
      repaired: 0,
      tooLong: 1,
    });
  });
});
