import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threadsToStart } from "../../../../../src/cli/commands/replay/run/threads-to-start.ts";

const CORES = 16;
const DEFAULTS = { workers: null, sweep: [], compare: undefined, each: false };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "iotmon-threads-"));
  await writeFile(join(folder, "small.csv"), "a\n1\n");
  await writeFile(join(folder, "large.csv"), "");
  await truncate(join(folder, "large.csv"), 20_000_000);
});
afterAll(() => rm(folder, { recursive: true }));

const threads = (
  files: readonly string[],
  options: Partial<Parameters<typeof threadsToStart>[1]> = {},
): number => threadsToStart(files, { ...DEFAULTS, ...options }, folder, CORES);

describe("the threads that start while the program loads", () => {
  it("are the number in --workers, and 0 for one worker", () => {
    expect([1, 2, 7].map((workers) => threads(["small.csv"], { workers }))).toEqual([0, 2, 7]);
  });

  it("depend on the file size by default, up to a limit", () => {
    expect(threads(["small.csv"])).toBe(0);
    expect(threads(["large.csv"], { workers: null })).toBe(2);
    expect(threads(Array<string>(10).fill("large.csv"))).toBe(4);
    expect(threadsToStart(["large.csv"], DEFAULTS, folder, 1)).toBe(0);
  });

  it("are 0 for inputs without a size: stdin, patterns, missing files", () => {
    expect(threads(["-", "*.csv", "none.csv"])).toBe(0);
    expect(threads([])).toBe(0);
  });

  it("are 0 for several replays", () => {
    const two = { workers: 2 };
    expect(threads(["large.csv"], { ...two, each: true })).toBe(0);
    expect(threads(["large.csv"], { ...two, compare: "other.yaml" })).toBe(0);
    expect(threads(["large.csv"], { ...two, sweep: ["a=1,2"] })).toBe(0);
  });
});
