import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, realpath, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";
import { undisturbedMs } from "../support/undisturbed-ms.ts";
import { canHere } from "./can-here.ts";
import { accepts, freePort } from "./ports.ts";
import { Pty, requirePrograms } from "./pty.ts";

const BINARY = resolve("bin/iotmon.js");
const WAIT_MS = 30_000;

/** The real program, watching. */
class Watching {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = "";
  stderr = "";

  constructor(cwd: string, command: readonly [string, ...string[]]) {
    const [program, ...args] = command;
    this.child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => {
      this.child.kill("SIGKILL");
    });
    this.ended = once(this.child, "close").then(([code]) => code as number | null);
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
  }

  /** JSON lines written so far. */
  get results(): Readonly<Record<string, unknown>>[] {
    const whole = this.stdout.slice(0, this.stdout.lastIndexOf("\n") + 1);
    return whole
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  async until(what: () => boolean): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!what()) {
      if (Date.now() > end || this.child.exitCode !== null) {
        throw new Error(`it did not come to that\n${this.stdout.slice(-2000)}\n${this.stderr}`);
      }
      await sleep(20);
    }
  }

  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    return this.ended;
  }
}

const watch = (cwd: string, ...args: readonly string[]): Watching =>
  new Watching(cwd, [process.execPath, BINARY, "watch", ...args]);

function speak(port: Pty, line: () => string): void {
  const speaking = setInterval(() => void port.write(`${line()}\n`), 100);
  onTestFinished(() => clearInterval(speaking));
}

const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] as const;
const [setpriv, ...asUser] = asNobody;
const canBeNobody = canHere("a port without permission to read", setpriv, [
  ...[...asUser, process.execPath, "-e", "fs.accessSync(process.argv[1])", BINARY],
]);

describe("iotmon watch", () => {
  beforeAll(() => requirePrograms("socat", "mosquitto", "mosquitto_sub", "setpriv"));

  it("shows a port's readings within five seconds, without any configuration", async () => {
    const folder = await tempFolder();
    const port = await Pty.plug(join(folder, "port"));
    speak(port, () => "temp:23.4,hum:45.1");
    const run = watch(folder, await realpath(port.link), "--all", "--format", "jsonl");
    const tookMs = undisturbedMs(run.child);
    await run.until(() => run.results.length > 0);
    expect(tookMs()).toBeLessThan(5000);
    expect(await run.stop()).toBe(0);
  });

  it("reads 100,000 lines from a port without losing one", async () => {
    const folder = await tempFolder();
    const port = await Pty.plug(join(folder, "port"));
    const run = watch(folder, await realpath(port.link), "--baud", "115200", "--limit", "100000");
    await run.until(() => /reading \S+ at 115200 baud/.test(run.stderr));
    await sleep(350);
    const lines = Array.from({ length: 100_000 }, (_, i) => `n:${i % 1000},temp:${(i % 400) / 10}`);
    await port.write(`${lines.join("\r\n")}\r\n`);
    expect(await run.ended).toBe(0); // it reached its limit of readings
  });

  it("continues when a port is unplugged and plugged in again", async () => {
    const folder = await tempFolder();
    const link = join(folder, "ttyTEST0");
    const first = await Pty.plug(link);
    const pipeline = join(folder, "p.yaml");
    await writeFile(pipeline, `version: 1\nsource: { type: serial, path: ${link} }\n`);
    const run = watch(folder, "-p", pipeline, "--all", "--format", "jsonl");
    speak(first, () => "temp:23.4,hum:45.1");
    await run.until(() => run.results.length > 3);
    await first.unplug();
    await run.until(() => run.stderr.includes("unplugged"));
    const seen = run.results.length;
    speak(await Pty.plug(link), () => "temp:23.5,hum:45.1");
    await run.until(() => run.results.length > seen + 3);
    expect(await run.stop()).toBe(0);
  });

  it.skipIf(!canBeNobody)(
    "exits with 77 and the fix without permission to read the port",
    async () => {
      const folder = await tempFolder();
      const port = await Pty.plug(join(folder, "port"));
      const device = await realpath(port.link);
      await chmod(device, 0o600);
      await chmod(folder, 0o755);
      const home = join(folder, "home");
      await mkdir(home);
      await chmod(home, 0o777);
      const run = new Watching(home, [...asNobody, process.execPath, BINARY, "watch", device]);
      expect(await run.ended).toBe(77);
      expect(run.stderr).toContain("no permission to read the port");
      expect(run.stderr).toContain(`sudo chgrp dialout ${device} && sudo chmod 660 ${device}`);
    },
  );

  it("reads the output of mosquitto_sub", async () => {
    const folder = await tempFolder();
    const broker = String(await freePort());
    const args = ["-p", broker];
    const mosquitto = spawn("mosquitto", args, { stdio: "ignore" });
    onTestFinished(() => {
      mosquitto.kill("SIGKILL");
    });
    await accepts(Number(broker));
    const subscribe = `mosquitto_sub -p ${broker} -t 'sensors/#' -C 8`; // -C: otherwise it would outlive the broker
    const command = `${subscribe} | "${process.execPath}" "${BINARY}" watch - --all --format jsonl`;
    const run = new Watching(folder, ["sh", "-c", command]);
    const publish = setInterval(() => {
      const message = ["-t", "sensors/a", "-m", "temp:23.4,hum:45.1"];
      spawn("mosquitto_pub", [...args, ...message], { stdio: "ignore" });
    }, 100);
    onTestFinished(() => clearInterval(publish));
    expect(await run.ended, run.stderr).toBe(0);
    expect(run.results).toHaveLength(8);
  });
});
