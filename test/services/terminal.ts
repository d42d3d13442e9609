import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const PATIENCE_MS = 30_000;

/** Settings of a terminal. */
export interface TerminalSetup {
  readonly columns: number;
  readonly rows: number;
  readonly cwd: string;
}

/** A real terminal, by tmux. The end of the test closes it. */
export class Terminal {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Opens one in which a shell command runs. */
  static async open(command: string, setup: TerminalSetup): Promise<Terminal> {
    const { columns, rows, cwd } = setup;
    const terminal = new Terminal(`iotmon-${randomBytes(6).toString("hex")}`);
    onTestFinished(() => terminal.#tmux("kill-server").then(() => {}));
    const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, TMUX: ____, ...inherited } = process.env;
    await run(
      "tmux",
      [
        ...["-L", terminal.#socket, "-f", "/dev/null", "-u", "new-session", "-d"],
        ...["-x", String(columns), "-y", String(rows), command],
      ],
      { cwd, env: { ...inherited, LC_ALL: "C.UTF-8", SHELL: "/bin/sh" } },
    );
    return terminal;
  }

  /** The visible text, without blanks at the ends of lines. */
  async text(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd();
  }

  /** The same with its colours, as escape sequences. */
  async colored(): Promise<string> {
    return this.#tmux("capture-pane", "-p", "-e");
  }

  /** Resolves with the visible text when it matches. */
  async until(wanted: RegExp): Promise<string> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const text = await this.text();
      if (wanted.test(text)) return text;
      if (performance.now() > end) throw new Error(`${wanted} has not come:\n${text}`);
      await sleep(50);
    }
  }

  /** Presses a key, by tmux's name of it. */
  async press(key: string): Promise<void> {
    await this.#tmux("send-keys", key);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** Starts copying the output of programs. */
  async copyTo(file: string): Promise<void> {
    await this.#tmux("pipe-pane"); // stops the earlier copy
    await this.#tmux("pipe-pane", `cat >"${file}"`);
  }

  /** Whether the cursor is visible and long lines wrap. */
  async isAsUsual(): Promise<boolean> {
    return (await this.#tmux("display", "-p", "#{cursor_flag}#{wrap_flag}")).trim() === "11";
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    return (await run("tmux", ["-L", this.#socket, ...args])).stdout;
  }
}
