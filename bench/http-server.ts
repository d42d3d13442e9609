import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A server in a process of its own. */
export interface BenchServer {
  readonly origin: string;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Starts `iotmon serve` as a user does, with a state directory of its own that is gone afterwards. */
export async function startIotmon(): Promise<BenchServer> {
  const state = await mkdtemp(join(tmpdir(), "iotmon-bench-"));
  const server = await start(["bin/iotmon.js", "serve", "--port", "0", "--state", state]);
  return {
    origin: server.origin,
    async stop() {
      await server.stop();
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** Starts fastify with one handler that reads JSON and answers a few fields. */
export function startBare(): Promise<BenchServer> {
  return start(["--import", "tsx", "bench/bare-fastify.ts"]);
}

async function start(args: readonly string[]): Promise<BenchServer> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  const port = await portOf(child);
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-10_000);
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    });
    child.once("close", () => reject(new Error(said)));
  });
}
