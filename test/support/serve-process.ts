import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

const BINARY = resolve("bin/iotmon.js");
/** For the exit after SIGTERM, before SIGKILL. */
const PATIENCE_MS = 30_000;

/** A server in another process, which ends with the test at the latest. */
interface Started {
  readonly child: ChildProcess;
  /** Its stderr so far. */
  logText(): string;
  /** Resolves when its stderr matches. @throws {Error} With its stderr, when it ends before. */
  logged(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>;
}

/** A server that has recovered its state. */
export interface Served extends Started {
  readonly port: number;
}

/** Starts `iotmon serve` in the folder `cwd`; its port is free unless the arguments choose one. */
export function startIn(cwd: string, ...args: readonly string[]): Started {
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
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    logText += chunk;
  });
  const logged = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(logText);
        if (found === null) return;
        child.stderr.off("data", look);
        resolve(found);
      };
      child.stderr.on("data", look);
      look();
      void ended.then(() => reject(new Error(logText)));
    });
  return { child, logText: () => logText, logged, ended };
}

/**
 * Starts `iotmon serve` in the folder `cwd` and waits until it has recovered.
 *
 * @throws {Error} With its stderr, when it ends before it listens.
 */
export async function serveIn(cwd: string, ...args: readonly string[]): Promise<Served> {
  const started = startIn(cwd, ...args);
  const [, port] = await started.logged(/docs at http:\/\/localhost:(\d+)\/docs\n/);
  return { ...started, port: Number(port) };
}
