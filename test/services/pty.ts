import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readlink, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** @throws {Error} If a program is not installed, with the command to install it. */
export function requirePrograms(...names: readonly string[]): void {
  for (const name of names) {
    if (spawnSync(name, ["-h"]).error === undefined) continue;
    throw new Error(`${name} is not installed; CONTRIBUTING.md says what these tests need`);
  }
}

/** A pseudo-terminal as a serial port: its link reads the written text. */
export class Pty {
  readonly link: string;
  readonly #socat: ChildProcess;

  private constructor(link: string, socat: ChildProcess) {
    this.link = link;
    this.#socat = socat;
  }

  /** Plugs one in. The end of the test removes it. */
  static async plug(link: string): Promise<Pty> {
    const socat = spawn("socat", [`PTY,link=${link},rawer`, "STDIO"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    socat.stdin.on("error", () => {}); // unplugged while it is written to
    const pty = new Pty(link, socat);
    onTestFinished(() => pty.unplug());
    const isThere = async (): Promise<boolean> => (await readlink(link).catch(() => "")) !== "";
    while (!(await isThere())) {
      if (socat.exitCode !== null) throw new Error("socat has ended");
      await sleep(2);
    }
    return pty;
  }

  /** Resolves when the text is written. */
  async write(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.#socat.stdin?.write(bytes, () => resolve()));
  }

  /** Unplugs it. A second call has no effect. */
  async unplug(): Promise<void> {
    if (this.#socat.exitCode !== null || this.#socat.signalCode !== null) return;
    const ended = once(this.#socat, "close");
    this.#socat.kill("SIGKILL");
    await ended;
    await rm(this.link, { force: true });
  }
}
