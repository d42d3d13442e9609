import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../markdown.ts";
import { tempFolder } from "../temp-folder.ts";
import { addCounts, type IstanbulCounts } from "./add-counts.ts";
import { ChildCounts } from "./child-counts.ts";
import { readCounts } from "./read-counts.ts";

describe("coverage of processes that tests start", () => {
  it("counts the lines that a process ran, and deletes its file", async () => {
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
    const read = new Map<string, IstanbulCounts>();
    for (const script of children.scripts) {
      for (const [source, counts] of await readCounts(script)) read.set(source, counts);
    }
    expect(read.has(join(ROOT, "src/watch/watch-session.ts"))).toBe(false);
    const exitCode = read.get(join(ROOT, "src/cli/exit-code.ts"));
    expect(Object.values(exitCode?.f ?? {}).some((count) => count > 0)).toBe(true);
  });

  it("adds up two processes", async () => {
    const folder = await tempFolder();
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const children = new ChildCounts(folder, ROOT);
    const counts: number[] = [];
    for (const args of [["--version"], ["--version"]]) {
      spawnSync(process.execPath, ["bin/iotmon.js", ...args], { cwd: ROOT, env });
      await children.collect();
      const { functions } = children.scripts.find(({ url }) =>
        url.endsWith("/cli/run-process.js"),
      ) ?? {
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
  const at = (line: number, column: number) => ({ start: { line, column } });
  const counts = (): IstanbulCounts => ({
    statementMap: { 0: at(1, 0), 1: at(1, 9), 2: at(3, 2) },
    s: { 0: 1, 1: 0, 2: 0 },
    fnMap: { 0: { loc: at(1, 4) } },
    f: { 0: 1 },
    branchMap: { 0: { loc: at(3, 2) } },
    b: { 0: [1, 0] },
  });

  it("are added by their order in a line, for any columns", () => {
    const sum = counts();
    const statementMap = { 0: at(1, 6), 1: at(1, 12), 2: at(3, 4) };
    const from = { ...counts(), statementMap, s: { 0: 0, 1: 5, 2: 7 }, f: { 0: 2 } };
    addCounts(sum, { ...from, b: { 0: [0, 3] } });
    expect(sum).toEqual({ ...counts(), s: { 0: 1, 1: 5, 2: 7 }, f: { 0: 3 }, b: { 0: [1, 3] } });
  });

  it("are added by the column in a line where one compiler has statements of its own", () => {
    const sum = counts();
    addCounts(sum, { ...counts(), statementMap: { 0: at(1, 9), 1: at(3, 2), 2: at(3, 8) } });
    expect(sum.s).toEqual({ 0: 1, 1: 1, 2: 0 });
  });

  it("omit branches where one compiler added an arm", () => {
    const sum = counts();
    addCounts(sum, { ...counts(), b: { 0: [9, 9, 9] } });
    expect(sum.b).toEqual({ 0: [1, 0] });
  });
});
