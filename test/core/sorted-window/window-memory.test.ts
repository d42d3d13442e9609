import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SortedWindow } from "../../../src/core/sorted-window/sorted-window.ts";
import { WindowMemories, WindowMemory } from "../../../src/core/sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";

describe("WindowMemories", () => {
  it("shares a memory until it is full", () => {
    const memories = new WindowMemories(2000);
    const first = memories.withRoom(1, 1000);
    first.createWindow(1000);
    expect(memories.withRoom(1, 100)).toBe(first);
    expect(memories.withRoom(1, 1000)).not.toBe(first);
  });

  it("gives large windows a memory of their own", () => {
    const memories = new WindowMemories(2000);
    const first = memories.withRoom(1, 10);
    first.createWindow(10);
    expect(memories.withRoom(1, 5000)).not.toBe(first);
  });

  it("rejects more values than a memory can hold", () => {
    expect(() => new WindowMemories().withRoom(1, 2 ** 28)).toThrow(/can't hold 268435456 values/);
  });
});

describe("WindowMemory", () => {
  it("keeps its content while it grows", () => {
    const memory = new WindowMemory();
    const window = new SortedWindow(memory, 3);
    for (const x of [3, 1, 2]) window.push(Float64Array.of(x), 0);
    const { buffer } = memory.numbers;
    for (let i = 0; i < 50; i++) memory.createWindow(10_000);
    expect(memory.numbers.buffer === buffer).toBe(false);
    expect([0, 1, 2].map((i) => window.at(i))).toEqual([1, 2, 3]);
  });

  it("works with addresses of more than 31 bits", () => {
    const memory = new WindowMemory();
    for (let i = 0; i < 5; i++) memory.createWindow(20_000_000); // untouched, so no memory is used
    const window = new SortedWindow(memory, 100);
    expect(window.address).toBeGreaterThan(2 ** 31);
    const column = Float64Array.from({ length: 250 }, (_, i) => (i * 79) % 100);
    for (let i = 0; i < 100; i++) window.push(column, i);
    for (let i = 100; i < 250; i++) window.slide(column, i);
    const writer = new StateWriter();
    window.save(writer);
    const after = new SortedWindow(memory, 100);
    after.load(new StateReader(writer.finish()));
    const ranks = Array.from({ length: 100 }, (_, i) => i);
    expect(ranks.map((i) => after.at(i))).toEqual(ranks);
    expect(after.bytes).toBeGreaterThan(100 * 16);
  });
});

/** Runs a replay with a chart, so with two memories, in so much address space. */
function replayWithin(kilobytes: number): {
  readonly code: number | null;
  readonly stderr: string;
} {
  const report = join(mkdtempSync(join(tmpdir(), "iotmon-test-")), "report.html");
  const replay = `replay fixtures/machine-temperature.csv --limit 3000 --report ${report}`;
  const run = spawnSync(
    "sh",
    [
      "-c",
      `ulimit -v ${kilobytes} && exec "$0" bin/iotmon.js ${replay} --workers 1`,
      process.execPath,
    ],
    { encoding: "utf8" },
  );
  return { code: run.status, stderr: run.stderr };
}

describe.runIf(process.platform === "linux")("a process with a limited address space", () => {
  it("reports an error if it can't reserve a memory", () => {
    const { code, stderr } = replayWithin(4_000_000);
    expect(stderr).toContain("error: the system gives no memory to WebAssembly");
    expect(stderr).toContain("ulimit -v");
    expect(stderr).not.toMatch(/bug|^ {4}at /m);
    expect(code).toBe(69);
  });

  it("works with a single memory", () => {
    expect(replayWithin(15_000_000)).toMatchObject({ code: 0 });
  });
});
