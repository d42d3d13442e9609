import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpath, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ChaosReceiver } from "../support/chaos-receiver.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { WatchProcess } from "../support/watch-process.ts";
import { Pty, requirePrograms } from "./pty.ts";

const LINES = 20_000;
const BINARY = resolve("bin/iotmon.js");

/** Every 50th reading is a separate episode. */
const lineOf = (i: number): string => `n:${i},temp:${i % 50 === 49 ? 90 : 20}`;

const pipeline = (sink: string): string => `version: 1
name: port
buffer: { schema: { n: float, temp: float } }
detectors:
  - { name: too_hot, algorithm: threshold, when: temp > 40, severity: critical }
alerts: { cooldown: 0s }
sinks: [${sink}]
`;

/** Writes all lines, in parts with short breaks, as a fast board does. */
async function speak(port: Pty): Promise<void> {
  for (let i = 0; i < LINES; i += 500) {
    const lines = Array.from({ length: 500 }, (_, n) => lineOf(i + n));
    await port.write(`${lines.join("\n")}\n`);
    await sleep(20);
  }
}

describe("iotmon watch on a port, with slow readers", () => {
  beforeAll(() => requirePrograms("socat"));

  it("scores every line while a receiver hangs, and reports undelivered messages", async () => {
    const cwd = await tempFolder();
    const receiver = await ChaosReceiver.start("hang");
    await writeFile(
      join(cwd, "p.yaml"),
      pipeline(`{ type: webhook, name: hook, url: "${receiver.origin}/" }`),
    );
    const port = await Pty.plug(join(cwd, "port"));
    const run = new WatchProcess(
      [await realpath(port.link), "-p", "p.yaml", "--baud", "115200", "--all", "--format", "jsonl"],
      cwd,
    );
    onTestFinished(() => void run.child.kill("SIGKILL"));
    await run.until(() => run.stderr.includes("reading"));
    await sleep(1000); // the text directly after opening may be cut
    await speak(port);
    const rows = (): readonly string[] => run.lines.filter((line) => line.startsWith('{"row":'));
    await run.until(() => rows().length >= LINES);
    await run.until(() => receiver.received.length > 0);
    const start = performance.now();
    expect(await run.stop("SIGTERM"), run.stderr).toBe(0);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(rows()).toHaveLength(LINES);
    expect(run.stderr).toContain("20,000 readings");
    expect(run.stderr).toMatch(
      /messages for the sink hook: \d+ pending, sent after the next start/,
    );
    expect(run.stderr).not.toContain("dropped");
  });

  it("continues while stdout has no reader, and counts the dropped lines", async () => {
    const cwd = await tempFolder();
    const receiver = await ChaosReceiver.start({ status: 204 });
    await writeFile(
      join(cwd, "p.yaml"),
      pipeline(`{ type: webhook, name: hook, url: "${receiver.origin}/" }`),
    );
    const port = await Pty.plug(join(cwd, "port"));
    const args = [
      await realpath(port.link),
      "-p",
      "p.yaml",
      "--baud",
      "115200",
      "--all",
      "--format",
      "jsonl",
    ];
    const run = spawn(process.execPath, [BINARY, "watch", ...args], { cwd });
    onTestFinished(() => void run.kill("SIGKILL"));
    const ended = once(run, "exit");
    let stderr = "";
    run.stderr.on("data", (data) => {
      stderr += data;
    });
    while (!stderr.includes("reading")) await sleep(20);
    await sleep(1000);
    // about 200 bytes of output per line: more than the limit for waiting text
    for (let i = 0; i < 4; i++) await speak(port);
    const end = performance.now() + 60_000;
    while (!receiver.received.some(({ body }) => JSON.parse(body).reading.n === LINES - 1)) {
      if (performance.now() > end) throw new Error(`no message of the last line\n${stderr}`);
      await sleep(50);
    }
    while (receiver.received.length < (4 * LINES) / 50) {
      if (performance.now() > end)
        throw new Error(`only ${receiver.received.length} messages\n${stderr}`);
      await sleep(50);
    }
    const start = performance.now();
    run.kill("SIGTERM");
    expect((await ended)[0], stderr).toBe(0);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(stderr).toContain("80,000 readings");
    expect(stderr).toContain("the reader of stdout is too slow");
    expect(stderr).toMatch(/[\d,]+ lines of stdout dropped/);
  });

  it("ends in time although stdout has no reader", async () => {
    const cwd = await tempFolder();
    await writeFile(join(cwd, "p.yaml"), pipeline("{ type: console }"));
    const port = await Pty.plug(join(cwd, "port"));
    const args = ["-p", "p.yaml", "--baud", "115200", "--all", "--for", "6s"];
    const run = spawn(process.execPath, [BINARY, "watch", await realpath(port.link), ...args], {
      cwd,
    });
    onTestFinished(() => void run.kill("SIGKILL"));
    const ended = once(run, "exit");
    let stderr = "";
    run.stderr.on("data", (data) => {
      stderr += data;
    });
    while (!stderr.includes("reading")) await sleep(20);
    await sleep(1000);
    speak(port).catch(() => {}); // nothing reads the last lines
    expect((await ended)[0], stderr).toBe(0);
    expect(stderr).toMatch(/[\d,]+ lines of stdout dropped/);
  });
});
