import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));
const PATIENCE_MS = 600_000;

/** A running `iotmon watch`. */
export class WatchProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = "";
  stderr = "";
  readonly #lines: string[] = [];
  #rest = "";

  constructor(args: readonly string[], cwd: string) {
    const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
    this.child = spawn(process.execPath, [BINARY, "watch", ...args], { cwd, env });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      const lines = (this.#rest + text).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#lines.push(line);
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.child.stdin?.on("error", () => {}); // it may be killed
    this.ended = new Promise((resolve) => this.child.on("close", resolve));
  }

  /** Complete lines of stdout. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Waits until a condition holds. */
  async until(is: () => boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!is()) {
      if (performance.now() > end || this.child.exitCode !== null) {
        throw new Error(`the condition never held:\n${this.stderr}\n${this.stdout.slice(-2000)}`);
      }
      await sleep(10);
    }
  }

  /** Sends a signal and waits for the end. @returns The exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
