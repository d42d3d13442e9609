import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { BoundedOutput } from "../../../../src/cli/commands/watch/output/bounded-output.ts";

/** A reader that takes one text per call of the test. */
class SlowReader extends Writable {
  taken = "";
  #next: () => void = () => {};

  override _write(piece: Buffer, _: BufferEncoding, done: () => void): void {
    this.#next = () => {
      this.#next = () => {};
      this.taken += piece.toString();
      done();
    };
  }

  async take(pieces: number): Promise<void> {
    for (let i = 0; i < pieces; i++) {
      this.#next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const never = (): never => expect.fail("the reader does not hang");

describe("BoundedOutput", () => {
  it("writes everything, in order, to a fast reader, and calls back for each text", async () => {
    const reader = new SlowReader();
    const dropped: number[] = [];
    let done = 0;
    const output = new BoundedOutput(reader, (lines) => dropped.push(lines), never, 100);
    for (let i = 0; i < 50; i++) {
      output.print(`line ${i}\n`, () => done++);
      await reader.take(1);
    }
    await output.close();
    expect(reader.taken).toBe(Array.from({ length: 50 }, (_, i) => `line ${i}\n`).join(""));
    expect(done).toBe(50);
    expect(dropped).toEqual([]);
  });

  it("never waits, and drops the oldest waiting texts", async () => {
    const reader = new SlowReader();
    let dropped = 0;
    let done = 0;
    const output = new BoundedOutput(
      reader,
      (lines) => {
        dropped += lines;
      },
      never,
      40,
    );
    for (let i = 0; i < 20; i++) output.print(`${i}\n${i}\n`.padStart(10, "x"), () => done++);
    expect(done).toBe(20); // none had to wait
    expect(dropped).toBe(2 * 15); // one is being written, four of ten characters may wait
    await reader.take(10);
    await output.close();
    expect(reader.taken.match(/\d+(?=\n\d)/g)).toEqual(["0", "16", "17", "18", "19"]);
  });

  it("stops waiting for a reader that hangs, and counts the lost lines", async () => {
    const reader = new SlowReader();
    const dropped: number[] = [];
    let hangs = 0;
    const output = new BoundedOutput(
      reader,
      (lines) => dropped.push(lines),
      () => hangs++,
    );
    for (let i = 0; i < 3; i++) output.print("a line\n", () => {});
    expect(dropped).toEqual([]);
    await output.close();
    expect(dropped).toEqual([2, 1]); // the waiting lines, and the unfinished write
    expect(hangs).toBe(1);
  });
});
