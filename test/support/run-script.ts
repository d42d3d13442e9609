import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";
import { onTestFinished } from "vitest";
import { ROOT } from "./markdown.ts";

/** Bundled scripts of this test file, by their code: a bundle starts ten times faster than its sources. */
const bundles = new Map<string, Promise<string>>();

/** Bundles a script with the sources that it imports. The link lets it find packages. */
async function bundled(code: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "iotmon-script-")); // deleted with the folder of the run
  const [input, file] = [join(folder, "script.mts"), join(folder, "script.mjs")];
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(input, code.replaceAll('"@/', `"${ROOT}/src/`));
  await build({
    input,
    platform: "node",
    external: /^(?!@oxc-project\/runtime)[@#a-z]/,
    output: { file, format: "esm", sourcemap: "inline", codeSplitting: false },
    logLevel: "silent",
  });
  return file;
}

/** A process and the lines that it writes. */
export interface Script {
  readonly child: ChildProcess;
  /** The next line of its output. @throws {Error} When the process ends before it. */
  line(): Promise<string>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
}

/**
 * Runs a module in another process, which ends with the test at the latest.
 *
 * @param code Imports from `src` start with `@/`.
 */
export async function runScript(
  code: string,
  options: { readonly args?: readonly string[] } = {},
): Promise<Script> {
  const bundle = bundles.get(code) ?? bundled(code);
  bundles.set(code, bundle);
  const child = spawn(process.execPath, [await bundle, ...(options.args ?? [])], {
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
