import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readlink, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** @throws {Error} When a program is not on this machine, with what to do. */
export function requirePrograms(...names: readonly string[]): void {
  for (const name of names) {
    if (spawnSync(name, ["-h"]).error === undefined) continue;
    throw new Error(`${name} is not installed; CONTRIBUTING.md says what these tests need`);
  }
}

/** A pseudo-terminal that stands for a serial port: what is written to it can be read at its link. */
export class Pty {
  readonly link: string;
  readonly #socat: ChildProcess;

  private constructor(link: string, socat: ChildProcess) {
    this.link = link;
    this.#socat = socat;
  }

  /** Plugs one in. It is gone when the test has ended. */
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

  /** Resolves when it has been taken. */
  async write(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.#socat.stdin?.write(bytes, () => resolve()));
  }

  /** Pulls it out. Calling it again does nothing. */
  async unplug(): Promise<void> {
    if (this.#socat.exitCode !== null || this.#socat.signalCode !== null) return;
    const ended = once(this.#socat, "close");
    this.#socat.kill("SIGKILL");
    await ended;
    await rm(this.link, { force: true });
  }
}
