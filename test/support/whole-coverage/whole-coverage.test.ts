import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../markdown.ts";
import { tempFolder } from "../temp-folder.ts";
import { addCounts, type IstanbulCounts } from "./add-counts.ts";
import { ChildCounts } from "./child-counts.ts";
import { createCountsReader } from "./read-counts.ts";

describe("coverage of processes that tests start", () => {
  it("counts what one ran by the lines of its source, and takes its file away", async () => {
    const folder = await tempFolder();
    const args = ["bin/iotmon.js", "dead-letters", "list", "--no-such-option"];
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    expect(spawnSync(process.execPath, args, { cwd: ROOT, env }).status).toBe(64);
    writeFileSync(join(folder, "coverage-of-who-still-writes.json"), '{"result":[{"url"');

    const children = new ChildCounts(folder, ROOT);
    await children.collect();

    expect(readdirSync(folder)).toEqual(["coverage-of-who-still-writes.json"]);
    const urls = children.scripts.map(({ url }) => url);
    expect(urls.every((url) => url.includes("/dist/") && !url.includes("node_modules"))).toBe(true);
    expect(urls.some((url) => url.endsWith("/dist/live/watch/watch-session.js"))).toBe(false);
    const main = children.scripts.find(({ url }) => url.endsWith("/dist/cli/exit-code.js"));
    const countsOf = await createCountsReader(ROOT);
    const read = await countsOf(main ?? { url: "", scriptId: "", functions: [] });
    expect(read.source).toBe(join(ROOT, "src/cli/exit-code.ts"));
    expect(Object.values(read.counts.f).some((count) => count > 0)).toBe(true);
  });

  it("adds up two processes", async () => {
    const folder = await tempFolder();
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const children = new ChildCounts(folder, ROOT);
    const counts: number[] = [];
    for (const args of [["--version"], ["--version"]]) {
      spawnSync(process.execPath, ["bin/iotmon.js", ...args], { cwd: ROOT, env });
      await children.collect();
      const { functions } = children.scripts.find(({ url }) => url.endsWith("/cli/main.js")) ?? {
        functions: [],
      };
      counts.push(
        functions.find(({ functionName }) => functionName === "main")?.ranges[0]?.count ?? 0,
      );
    }
    expect(counts).toEqual([1, 2]);
  });
});

describe("counts of one source by two compilers", () => {
  const counts = (): IstanbulCounts => ({ s: { 0: 1, 1: 0 }, f: { 0: 1 }, b: { 0: [1, 0] } });

  it("are added by their order", () => {
    const sum = counts();
    addCounts(sum, { s: { 0: 0, 1: 5 }, f: { 0: 2 }, b: { 0: [0, 3] } });
    expect(sum).toEqual({ s: { 0: 1, 1: 5 }, f: { 0: 3 }, b: { 0: [1, 3] } });
  });

  it("leave out branches where one compiler has added some", () => {
    const sum = counts();
    addCounts(sum, { s: { 0: 1, 1: 0 }, f: { 0: 0 }, b: { 0: [9, 9], 1: [9, 9] } });
    expect(sum.b).toEqual({ 0: [1, 0] });
  });

  it("are refused where the statements are others", () => {
    expect(() => addCounts(counts(), { s: {}, f: {}, b: {} })).toThrow(RangeError);
  });
});
