import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { StdinSource } from "../../../../src/io/sources/live/stdin-source.ts";
import { runSource } from "../../../support/live-listener.ts";

describe("StdinSource", () => {
  it("gives lines as they come, and the last one without a line end", async () => {
    const stdin = new PassThrough();
    const { listener, ended } = runSource(new StdinSource(stdin));
    stdin.write("\ufefftemp:1\r\ntemp:2\nte");
    await listener.until(({ all }) => all.length === 2);
    stdin.end("mp:3");
    await ended;
    expect(listener.all).toEqual(["temp:1", "temp:2", "temp:3"]);
    expect(listener.position).toBeNull();
    expect(listener.kinds).toBe("up");
  });

  it("counts repaired lines, and reports lost ones", async () => {
    const stdin = new PassThrough();
    const { listener, ended } = runSource(new StdinSource(stdin));
    stdin.end(
      Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.alloc(70_000, "x"), Buffer.from("\nb")]),
    );
    await ended;
    expect(listener.all).toEqual(["\ufffd", "", "b"]);
    expect(listener.chunks.reduce((sum, { repaired }) => sum + repaired, 0)).toBe(1);
    expect(listener.events.filter(({ kind }) => kind === "lost")).toMatchObject([
      { lines: 1, detail: "a line of more than 65536 bytes dropped" },
    ]);
  });

  it("rejects compressed input, and says how to decompress it", async () => {
    const stdin = new PassThrough();
    stdin.end(gzipSync("temp:1\ntemp:2\n"));
    await expect(runSource(new StdinSource(stdin)).ended).rejects.toMatchObject({
      code: "ERR_DATA",
      message: "the input is compressed with gzip",
    });
  });

  it("stops at once, and reports the line that it drops", async () => {
    const stdin = new PassThrough();
    const { listener, stop } = runSource(new StdinSource(stdin));
    stdin.write("a\nb");
    await listener.until(({ all }) => all.length === 1);
    await stop();
    expect(listener.all).toEqual(["a"]);
    expect(listener.kinds).toBe("up lost");
    expect(stdin.destroyed).toBe(true);
  });

  it("reads on only after lines were consumed", async () => {
    const stdin = new PassThrough({ highWaterMark: 16 });
    let taken = (): void => {};
    let chunks = 0;
    const lines = (): Promise<void> => {
      chunks += 1;
      return new Promise((resolve) => {
        taken = resolve;
      });
    };
    const done = new StdinSource(stdin).run(
      { lines, event() {} },
      null,
      AbortSignal.timeout(20_000),
    );
    for (let i = 0; i < 100; i++) stdin.write("0123456789012345\n");
    await sleep(50);
    expect(chunks).toBe(1);
    expect(stdin.writableLength).toBeGreaterThan(1000);
    stdin.end();
    const timer = setInterval(() => taken(), 1);
    await done;
    clearInterval(timer);
    expect(chunks).toBeGreaterThan(1);
  });

  it("fails with the error of the listener, and reports a stream error as a read error", async () => {
    const broken = new PassThrough();
    const reading = runSource(new StdinSource(broken));
    broken.destroy(new Error("read EIO"));
    await expect(reading.ended).rejects.toMatchObject({ code: "ERR_IO", at: "stdin" });

    const stdin = new PassThrough();
    stdin.end("a\n");
    const bug = new TypeError("a bug");
    const lines = (): void => {
      throw bug;
    };
    const run = new StdinSource(stdin).run(
      { lines, event() {} },
      null,
      AbortSignal.timeout(20_000),
    );
    await expect(run).rejects.toBe(bug);
  });
});
