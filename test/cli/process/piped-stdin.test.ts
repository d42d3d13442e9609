import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { recording } from "../../support/recording.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { untilIdle } from "../../support/until-idle.ts";
import { WatchProcess } from "../../support/watch-process.ts";

const BINARY = fileURLToPath(new URL("../../../bin/iotmon.js", import.meta.url));
const LINE = "temp:23.4,hum:45.1\n";

/** Runs a shell line in which `iotmon` is the real program. */
function inShell(line: string, cwd: string) {
  const iotmon = `iotmon() { "$NODE" "$BINARY" "$@"; }; ${line}`;
  const env = { ...process.env, NODE: process.execPath, BINARY };
  return spawnSync("sh", ["-c", iotmon], { cwd, env, encoding: "utf8", timeout: 600_000 });
}

describe("standard input through a pipe", () => {
  it("is read completely and in order while the engine is slower", async () => {
    const cwd = await tempFolder();
    await writeFile(join(cwd, "plant.csv"), recording({ rows: 20_000 }));
    const args = "-q --format jsonl --scores";
    inShell(`iotmon replay plant.csv ${args} file.csv --write-pipeline p.yaml`, cwd);
    const piped = inShell(`cat plant.csv | iotmon replay - -p p.yaml ${args} pipe.csv`, cwd);
    expect([piped.status, piped.stderr]).toEqual([0, ""]);
    const compared = spawnSync("cmp", ["file.csv", "pipe.csv"], { cwd, encoding: "utf8" });
    expect([compared.status, compared.stdout]).toEqual([0, ""]);
  });

  it("need not end before a run ends", async () => {
    const run = inShell(
      `yes ${LINE.trim()} | iotmon watch - --limit 1000 --all --format jsonl`,
      await tempFolder(),
    );
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout.match(/^\{"row"/gm)).toHaveLength(1000);
  });

  it.each([
    ["more than is read", 1000],
    ["a line now and then", 1],
  ])("may give %s when a signal stops the run", async (_, lines) => {
    const watch = new WatchProcess(["-", "--all", "--format", "jsonl"], await tempFolder());
    const writing = setInterval(() => watch.write(LINE.repeat(lines)), 1);
    await watch.until(() => watch.lines.length > 500);
    const code = await watch.stop("SIGTERM");
    clearInterval(writing);
    expect(code, watch.stderr).toBe(0);
    expect(watch.stderr).not.toMatch(/error|EOF/);
  });

  it("may hold too little for a stopped replay, which reports it", async () => {
    const replay = spawn(process.execPath, [BINARY, "replay", "-"], { cwd: await tempFolder() });
    const ended = once(replay, "close");
    const stdout = text(replay.stdout);
    replay.stdin.write("time,value\n2024-01-01,1.5\n2024-01-02,2.5\n");
    await untilIdle(replay);
    replay.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(await stdout).toMatch(
      /^0 readings · stopped before the end[^\n]*\n\nNothing to report: there were no readings\.\n$/m,
    );
  });

  it("is not read further while stdout has no reader", async () => {
    const args = [BINARY, "watch", "-", "--all", "--format", "jsonl"];
    const watch = spawn(process.execPath, args, { cwd: await tempFolder() });
    const ended = once(watch, "close");
    watch.stdin.on("error", () => {}); // it is killed
    watch.stdin.write(LINE.repeat(2_000_000));
    await untilIdle(watch);
    const [, read] = /^rchar: (\d+)$/m.exec(await readFile(`/proc/${watch.pid}/io`, "utf8")) ?? [];
    expect(Number(read)).toBeLessThan(10e6); // a quarter of the input, with the program itself
    watch.kill("SIGKILL");
    await ended;
  });
});
