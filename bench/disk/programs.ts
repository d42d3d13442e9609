import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { portOf } from "../http-server.ts";
import { spawnNode } from "../spawn-node.ts";

const PATIENCE_MS = 50;

/** A running iotmon that takes lines of JSON. */
export interface Program {
  readonly pid: number;
  send(lines: string): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
}

/** What starts a program. */
export interface Setup {
  /** File of the pipeline `bench`. */
  readonly pipeline: string;
  readonly state: string;
  readonly maxRecovery: string;
  readonly maxSize: string;
}

/** Programs by their command. */
export const PROGRAMS: Readonly<Record<string, (setup: Setup) => Promise<Program>>> = {
  async watch({ pipeline, state }) {
    const args = ["watch", "-", "-q", "-p", pipeline, "--input-format", "jsonl", "--state", state];
    const child = spawnNode(["bin/iotmon.js", ...args], ["pipe", "ignore", "inherit"]);
    while (!existsSync(join(state, "reserve"))) await sleep(PATIENCE_MS); // written last
    return programOf(child, async (lines) => {
      child.stdin?.write(lines);
    });
  },
  async serve({ pipeline, state, maxRecovery, maxSize }) {
    const limits = ["--max-recovery", maxRecovery, "--max-state-size", maxSize];
    const args = ["-p", pipeline, "--port", "0", "--state", state, ...limits];
    const child = spawnNode(["bin/iotmon.js", "serve", ...args], ["ignore", "ignore", "pipe"]);
    const origin = `http://127.0.0.1:${await portOf(child)}`;
    while (!(await fetch(`${origin}/readyz`)).ok) await sleep(PATIENCE_MS); // the port opens before the state is restored
    const url = `${origin}/v1/ml/pipelines/bench/readings`;
    const headers = { "content-type": "application/x-ndjson" };
    return programOf(child, async (lines) => {
      const answer = await fetch(url, { method: "POST", headers, body: lines });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
    });
  },
};

function programOf(child: ChildProcess, send: Program["send"]): Program {
  const { pid } = child;
  if (pid === undefined) throw new Error("iotmon did not start");
  return {
    pid,
    send,
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
