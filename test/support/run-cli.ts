import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));
const PROGRAM = new URL("../../dist/cli/run-process.js", import.meta.url).href;

/** Result of a run of the program. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the program is started. */
export interface CliSetup {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text for stdin; a list is written part by part. */
  readonly input?: string | Uint8Array | readonly string[];
}

/**
 * Runs a command line of the bundled program to its end, in this process: a start of Node takes longer than most
 * commands. Under coverage, {@link runProgram} runs it.
 */
export async function runCli(args: readonly string[], setup: CliSetup = {}): Promise<CliRun> {
  if (process.env["NODE_V8_COVERAGE"] !== undefined) return runProgram(args, setup);
  return (await startCli(args, setup)).run;
}

/** A command that runs in this process. */
export interface StartedCli {
  /** Its stderr so far. */
  readonly stderr: () => string;
  /** As the first Ctrl-C. */
  readonly stop: () => void;
  readonly run: Promise<CliRun>;
}

/** As {@link runCli}, for a command that runs until it is stopped. */
export async function startCli(args: readonly string[], setup: CliSetup): Promise<StartedCli> {
  const { main } = (await import(PROGRAM)) as typeof import("../../src/cli/run-process.ts");
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  void writePieces(stdin, setup.input);
  const controller = new AbortController();
  const { signal } = controller;
  const cwd = setup.cwd ?? process.cwd();
  const env = { ...inheritedEnv(), ...setup.env };
  const context = { stdin, stdout, stderr, env, cwd, signal, abandonStdout: () => {} };
  const run = main(args, context).finally(() => {
    for (const stream of [stdin, stdout, stderr]) stream.end();
  });
  let err = "";
  stderr.setEncoding("utf8").on("data", (part: string) => {
    err += part;
  });
  const whole = Promise.all([run, text(stdout)]);
  return {
    stderr: () => err,
    stop: () => controller.abort(),
    run: whole.then(([code, out]) => ({ code, stdout: out, stderr: err })),
  };
}

/** Runs the real `bin/iotmon.js` to its end, in a process of its own. */
export async function runProgram(args: readonly string[], setup: CliSetup = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd: setup.cwd,
    env: { ...inheritedEnv(), ...setup.env },
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  void writePieces(child.stdin, setup.input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

function inheritedEnv(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  return inherited;
}

/** Writes each piece separately, as far as the system allows. */
async function writePieces(stdin: Writable, input: CliSetup["input"] = []): Promise<void> {
  stdin.on("error", () => {}); // the program may exit without reading its input
  for (const piece of input instanceof Uint8Array ? [input] : [input].flat()) {
    if (stdin.destroyed) return;
    stdin.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stdin.end();
}

/** A new folder with these files in it. */
export async function folderWith(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "iotmon-test-"));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  return folder;
}
