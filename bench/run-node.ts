import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { atEnd } from "./at-end.ts";
import { watchBusiestThread } from "./busiest-thread.ts";

/** One run of a program in its own node process. */
export interface ProcessRun {
  /** From start to exit, s. */
  readonly seconds: number;
  /** Processor time of all its threads, s. */
  readonly processorSeconds: number;
  /** Processor time of its busiest thread, up to 20 ms before the end, s; NaN except on Linux. */
  readonly busiestSeconds: number;
  /** Peak memory, bytes. */
  readonly peakBytes: number;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const REPORT_FD = 3;

/**
 * Loaded into the program: writes its processor time in microseconds and its peak memory in kilobytes at the end. On Linux `maxRSS` includes the
 * memory of the parent process at the fork; VmHWM does not.
 */
const REPORTER = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  process.on("exit", () => {
    const status = fs.existsSync("/proc/self/status")
      ? fs.readFileSync("/proc/self/status", "utf8")
      : "";
    const peak = /VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
    const { user, system } = process.cpuUsage();
    fs.writeSync(${REPORT_FD}, \`\${user + system} \${peak}\`);
  });`)}`;

/**
 * Runs node in the root of the project and discards its output.
 *
 * @param accepted Exit codes that are not failures.
 * @param input File for standard input.
 * @throws {Error} If it fails, with its error output.
 */
export async function runNode(
  args: readonly string[],
  accepted: readonly number[] = [0],
  input?: string,
): Promise<ProcessRun> {
  const stdin = input === undefined ? "ignore" : openSync(input, "r");
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", REPORTER, ...args], {
    cwd: ROOT,
    stdio: [stdin, "ignore", "pipe", "pipe"],
  });
  atEnd(() => void child.kill("SIGKILL"));
  const busiest = watchBusiestThread(child.pid);
  if (stdin !== "ignore") closeSync(stdin);
  const outputs = [child.stderr, child.stdio[REPORT_FD]].map((pipe) => text(pipe as Readable));
  const [code] = await once(child, "exit");
  const seconds = (performance.now() - start) / 1000;
  const busiestSeconds = busiest();
  const [stderr, report = ""] = await Promise.all(outputs);
  if (!accepted.includes(code)) throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
  const [micros, peak] = report.split(" ").map(Number) as [number, number];
  return { seconds, busiestSeconds, processorSeconds: micros / 1e6, peakBytes: peak * 1024 };
}
