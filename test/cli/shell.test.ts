import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { main } from "../../src/cli/main.ts";
import { createChalk } from "../../src/cli/render/color.ts";
import { renderError } from "../../src/cli/render/error.ts";
import { IotmonError } from "../../src/core/errors.ts";
import { folderWith, runProgram } from "../support/run-cli.ts";
import { untilIdle } from "../support/until-idle.ts";

const binary = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));

describe("iotmon", () => {
  it("prints its version", async () => {
    expect(await runProgram(["--version"])).toEqual({
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: "",
    });
  });

  it("lists its commands", async () => {
    const { code, stdout, stderr } = await runProgram(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const command of ["check", "schema", "init"]) expect(stdout).toContain(`  ${command} `);
  });

  it("shows the options of all commands in the help of each", async () => {
    const { stdout } = await runProgram(["check", "--help"]);
    expect(stdout).toContain("--format <format>");
    expect(stdout).toContain("--no-color");
  });

  it("loads nothing heavy for its help", async () => {
    const loadedBy = async (...args: string[]): Promise<string> => {
      const { stderr } = await runProgram(args, { env: { NODE_DEBUG: "esm" } });
      const own = new Set(stderr.match(/file:\S+\/dist\/[\w/-]+\.js/g));
      // a comment names each file that was bundled
      const bundled = [...own].map((file) => readFileSync(fileURLToPath(file), "utf8"));
      return [stderr, ...bundled].join("\n");
    };
    const [check, help] = [await loadedBy("check", "x.yaml"), await loadedBy("--help")];
    for (const name of ["zod", "yaml", "chalk"]) expect(check).toContain(`node_modules/${name}/`);
    expect(help).not.toMatch(/node_modules\/(zod|yaml|chalk|csv-parse|nodejs-polars)\//);
  });

  it.each([
    ["no command", [], "Usage: iotmon"],
    ["an unknown command", ["chekc"], "error: unknown command 'chekc'\n  (Did you mean check?)\n"],
    [
      "an unknown option",
      ["schema", "--quite"],
      "error: unknown option '--quite'\n  (Did you mean --quiet?)\n",
    ],
    ["a missing argument", ["check"], "error: missing required argument 'file'\n"],
    [
      "a value that is none of the choices",
      ["check", "--format", "xml", "a"],
      'error: --format "xml" is not valid\n  Choices are: table, json\n',
    ],
    ["an argument too many", ["schema", "alert", "x"], "error: too many arguments"],
  ])("exits 64 for %s", async (_, args, message) => {
    const { code, stdout, stderr } = await runProgram(args);
    expect(code).toBe(64);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
  });

  it("exits quietly when its reader closes the pipe", async () => {
    const child = spawn(process.execPath, [binary, "schema"]);
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.stdout.destroy();
    expect(await text(child.stderr)).toBe("");
    expect(await ended).toBe(0);
  });

  it("exits 74 when its output can't be written", async () => {
    const child = spawn("bash", ["-c", `"${process.execPath}" "${binary}" schema > /dev/full`]);
    const ended = new Promise((resolve) => child.on("close", resolve));
    expect(await text(child.stderr)).toMatch(
      /^error: Writing to stdout failed: [^\n]*ENOSPC[^\n]*\n$/,
    );
    expect(await ended).toBe(74);
  });

  /** `init -` on a stdin that stays open, stopped once it waits for more. */
  async function interrupt(...signals: NodeJS.Signals[]): Promise<unknown> {
    const cwd = await folderWith({});
    const child = spawn(process.execPath, [binary, "init", "-", "-o", "p.yaml"], { cwd });
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.stdin.write("time,value\n2024-01-01,1.5\n2024-01-02,2.5\n");
    await untilIdle(child);
    expect(child.exitCode).toBeNull();
    for (const signal of signals) child.kill(signal);
    return ended;
  }

  it("finishes the input so far at the first Ctrl-C", async () => {
    expect(await interrupt("SIGINT")).toBe(0);
  });

  it("stops immediately at the second", async () => {
    // both wait for the program when it goes on
    expect(await interrupt("SIGSTOP", "SIGTERM", "SIGINT", "SIGCONT")).toBe(130);
  });

  it("accepts global options before and after the command", async () => {
    const folder = await folderWith({ "p.yaml": "version: 2\n" });
    for (const args of [
      ["--no-color", "check", "p.yaml"],
      ["check", "p.yaml", "--no-color"],
    ]) {
      const { stderr } = await runProgram(args, { cwd: folder, env: { FORCE_COLOR: "1" } });
      expect(stderr).toBe("error: version: must be 1, not 2\n  at p.yaml:1:10\n");
    }
  });

  it("colours errors on request, and not with NO_COLOR", async () => {
    const folder = await folderWith({ "p.yaml": "version: 2\n" });
    const stderrWith = async (env: Record<string, string>): Promise<string> =>
      (await runProgram(["check", "p.yaml"], { cwd: folder, env })).stderr;
    expect(await stderrWith({ FORCE_COLOR: "1" })).toContain("\u001b[31m");
    expect(await stderrWith({ FORCE_COLOR: "1", NO_COLOR: "1" })).not.toContain("\u001b[");
    expect(await stderrWith({})).not.toContain("\u001b[");
  });
});

describe("main", () => {
  async function run(
    args: string[],
    cwd: string,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const { signal } = new AbortController();
    const streams = { stdin, stdout, stderr, abandonStdout: () => {} };
    const code = await main(args, { ...streams, signal, env: {}, cwd });
    stdout.end();
    stderr.end();
    return { code, stdout: await text(stdout), stderr: await text(stderr) };
  }

  it("runs a command in this process, with paths relative to a given folder", async () => {
    const folder = await folderWith({ "p.yaml": "version: 2\n" });
    expect(await run(["check", "p.yaml"], folder)).toEqual({
      code: 78,
      stdout: "",
      stderr: "error: version: must be 1, not 2\n  at p.yaml:1:10\n",
    });
  });

  it("reports an unexpected error as a bug", async () => {
    const { code, stderr } = await run(
      ["check", "p.yaml"],
      Symbol("no folder") as unknown as string,
    );
    expect(code).toBe(70);
    expect(stderr).toMatch(
      /^error: iotmon has a bug: TypeError: [^\n]+\n {2}Please report [^\n]+\n$/,
    );
  });
});

describe("renderError", () => {
  const plain = new Chalk({ level: 0 });

  it("shows the message, the place and the hint", () => {
    const error = new IotmonError("ERR_DATA", "the input is empty", {
      at: "a.csv",
      hint: "Try b.csv",
    });
    expect(renderError(error, plain, false)).toBe(
      "error: the input is empty\n  at a.csv\n  Try b.csv\n",
    );
  });

  it("shows each fault, up to fifty", () => {
    const faults = Array.from({ length: 60 }, (_, i) => ({ at: `p:${i}`, message: `fault ${i}` }));
    const text = renderError(new IotmonError("ERR_CONFIG", "many", { faults }), plain, false);
    expect(text).toMatch(/^error: fault 0\n {2}at p:0\nerror: fault 1\n/);
    expect(text).toMatch(/error: fault 49\n {2}at p:49\nerror: \.\.\. and 10 more\n$/);
  });

  it("shows the stack of a bug only on request", () => {
    const bug = new TypeError("x is not a function\nat line 2");
    const text = renderError(bug, plain, false);
    expect(text.split("\n")).toHaveLength(3);
    expect(text).toContain("error: iotmon has a bug: TypeError: x is not a function\n");
    expect(renderError(bug, plain, true)).toContain("shell.test.ts");
  });
});

describe("createChalk", () => {
  const stream = (isTTY: boolean): PassThrough => Object.assign(new PassThrough(), { isTTY });

  it("uses colours on terminals only", () => {
    expect(createChalk(stream(true), {}, true).level).toBe(1);
    expect(createChalk(stream(false), {}, true).level).toBe(0);
  });

  it("obeys --no-color and NO_COLOR, unless it is empty", () => {
    expect(createChalk(stream(true), {}, false).level).toBe(0);
    expect(createChalk(stream(true), { NO_COLOR: "1" }, true).level).toBe(0);
    expect(createChalk(stream(true), { NO_COLOR: "" }, true).level).toBe(1);
  });
});
