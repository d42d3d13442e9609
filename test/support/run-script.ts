import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ROOT } from "./markdown.ts";
import { tempFolder } from "./temp-folder.ts";

/** A process of its own, and the lines that it writes. */
export interface Script {
  readonly child: ChildProcess;
  /** The next line of its output; throws when it ends before. */
  line(): Promise<string>;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
}

/**
 * Runs a module in a process of its own, which ends with the test at the latest.
 *
 * @param code Imports of ours begin with `@/`, which is `src/`.
 */
export async function runScript(
  code: string,
  options: { readonly args?: readonly string[] } = {},
): Promise<Script> {
  const file = join(await tempFolder(), "script.mts");
  await writeFile(file, code.replaceAll('"@/', `"${ROOT}/src/`));
  const child = spawn(process.execPath, ["--import", "tsx", file, ...(options.args ?? [])], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines: string[] = [];
  let rest = "";
  let wake = (): void => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    wake();
  });
  const ended = once(child, "close");
  void ended.then(() => wake());
  return {
    child,
    ended,
    async line() {
      while (lines.length === 0) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error("It has ended");
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return lines.shift() ?? "";
    },
  };
}
