import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 600_000;

/** One run of an `iotmon.js`, of this version or of an older one. */
export class Program {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = "";
  stderr = "";

  /** @param input Written to stdin, which is then closed; by default stdin is empty. */
  constructor(
    binary: string,
    args: readonly string[],
    cwd: string,
    setup: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ) {
    this.child = spawn(process.execPath, [binary, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...setup.env },
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.child.stdin?.on("error", () => {}); // the program may end before it has read everything
    this.child.stdin?.end(setup.input ?? "");
    this.ended = once(this.child, "close").then(([code]) => code as number | null);
  }

  /** Waits until a condition holds. */
  async until(holds: () => boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (performance.now() > end || this.child.exitCode !== null) {
        throw new Error(`waited in vain:\n${this.stderr}\n${this.stdout.slice(-2000)}`);
      }
      await sleep(20);
    }
  }

  /** Sends a signal and waits for the end. @returns The exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Runs a program to its end. @returns Its stdout. @throws {Error} When its exit code is not 0. */
export async function run(...settings: ConstructorParameters<typeof Program>): Promise<string> {
  const program = new Program(...settings);
  const code = await program.ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${program.stderr}`);
  return program.stdout;
}
