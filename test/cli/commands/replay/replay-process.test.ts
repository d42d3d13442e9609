import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { recording } from "../../../support/recording.ts";
import { folderWith } from "../../../support/run-cli.ts";

const binary = fileURLToPath(new URL("../../../../bin/iotmon.js", import.meta.url));

let folder = "";
beforeAll(async () => {
  const jumps = Array.from({ length: 50 }, (_, i) => 600 + 300 * i);
  folder = await folderWith({ "long.csv": recording({ rows: 16_000, jumps }) });
});

const start = (...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [binary, "replay", ...args], { cwd: folder });

const ended = (child: ChildProcessWithoutNullStreams): Promise<number | null> =>
  new Promise((resolve) => child.on("close", resolve));

/** Resolves once standard error contains the text. */
function said(child: ChildProcessWithoutNullStreams, words: string): Promise<void> {
  let heard = "";
  return new Promise((resolve) => {
    child.stderr.on("data", (chunk) => {
      heard += chunk;
      if (heard.includes(words)) resolve();
    });
  });
}

describe("iotmon replay, stopped by Ctrl-C", () => {
  it("writes report and scores so far, and exits 0", async () => {
    const child = start("long.csv", "--speed", "2000x", "--scores", "stopped.csv");
    const [code, stdout] = [ended(child), text(child.stdout)];
    await said(child, "watched: ");
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill("SIGINT");
    expect(await code).toBe(0);
    const [, readings] = /\n(\d+) readings · stopped before the end · /.exec(await stdout) ?? [];
    const scores = await readFile(join(folder, "stopped.csv"), "utf8");
    expect(scores.trimEnd().split("\n")).toHaveLength(1 + Number(readings));
  });

  it("exits quietly before the first reading", async () => {
    const child = start("-", "-q");
    const [code, output] = [ended(child), Promise.all([text(child.stdout), text(child.stderr)])];
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill("SIGINT");
    expect([await code, ...(await output)]).toEqual([0, "", ""]);
  });
});

describe("iotmon replay, whose reader closes the pipe", () => {
  it.each(["jsonl", "table"])("ends quietly and at once: %s", async (format) => {
    const command = `"${process.execPath}" "${binary}" replay long.csv -q --top 0 --format ${format}`;
    const shell = `{ ${command}; echo "code $?" >&2; } | head -1`;
    const child = spawn("bash", ["-c", shell], { cwd: folder });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(stderr).toBe("code 0\n");
  });

  it("does not read the rest of a slow recording", async () => {
    const jumps = Array.from({ length: 1600 }, (_, i) => 12 * i);
    const hot = "{ name: hot, algorithm: threshold, when: temperature > 35 }";
    const cwd = await folderWith({
      "slow.csv": recording({ rows: 20_000, jumps }),
      "p.yaml": `version: 1\ndetectors: [${hot}]\nalerts: { cooldown: 0s, resolve_after: 1 }\n`,
    });
    // 20 rows a second, some of them with alerts, for a quarter of an hour: longer than a test may take
    const command = `"${process.execPath}" "${binary}" replay slow.csv -p p.yaml -q --speed 600x --format jsonl`;
    const shell = `{ ${command}; echo "code $?" >&2; } | head -1`;
    const child = spawn("bash", ["-c", shell], { cwd, detached: true });
    onTestFinished(() => {
      if (child.exitCode === null) process.kill(-(child.pid as number), "SIGKILL");
    });
    expect(await text(child.stderr)).toBe("code 0\n");
  });
});
