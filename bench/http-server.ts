import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { spawnNode } from "./spawn-node.ts";
import { tempFolder } from "./temp-folder.ts";

/** A server in its own process, which ends with the benchmark at the latest. */
export interface BenchServer {
  readonly origin: string;
  /** Processor time of all its threads so far, ms; NaN if the system does not report it. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `iotmon serve` as a user does, with a temporary state directory. */
export function startIotmon(): Promise<BenchServer> {
  return start(["bin/iotmon.js", "serve", "--port", "0", "--state", tempFolder()]);
}

/** Starts fastify with one handler that reads JSON and answers a few fields. */
export function startBare(): Promise<BenchServer> {
  return start(["--import", "tsx", "bench/bare-fastify.ts"]);
}

async function start(args: readonly string[]): Promise<BenchServer> {
  const child = spawnNode(args, ["ignore", "ignore", "pipe"]);
  const port = await portOf(child);
  return {
    origin: `http://127.0.0.1:${port}`,
    cpuMs: () => cpuMsOf(child.pid),
    async stop() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

async function cpuMsOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // after the name, which may contain any text: state is field 3, utime 14, stime 15
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return TICK_MS * (Number(fields[11]) + Number(fields[12]));
}

/** Port of a server that has just been started, once it listens. */
export function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-10_000);
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(port);
    });
    child.once("close", () => reject(new Error(output)));
  });
}
