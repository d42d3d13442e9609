import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

const BINARY = resolve("bin/iotmon.js");
/** For the exit after SIGTERM, before SIGKILL. */
const PATIENCE_MS = 30_000;

/** A server in another process, which ends with the test at the latest. */
export interface Served {
  readonly child: ChildProcess;
  readonly port: number;
  /** Its stderr so far. */
  logText(): string;
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts `iotmon serve` in the folder `cwd` and waits until it listens.
 *
 * @throws {Error} With its stderr, when it ends before it listens.
 */
export async function serveIn(cwd: string, ...args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [BINARY, "serve", "--port", "0", ...args], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill("SIGTERM"); // so that it can write which code ran
    await Promise.race([ended, sleep(PATIENCE_MS, undefined, { ref: false })]);
    child.kill("SIGKILL");
  });
  let logText = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      logText += chunk;
      const [, found] = /docs at http:\/\/localhost:(\d+)\/docs\n/.exec(logText) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
    void ended.then(() => reject(new Error(logText)));
  });
  return { child, port, logText: () => logText, ended };
}
