import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));

/** Result of a run of the real program. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings for starting the real program. */
export interface CliSetup {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text for stdin; a list is written part by part. */
  readonly input?: string | Uint8Array | readonly string[];
}

/** Runs the real `bin/iotmon.js` to its end. */
export async function runCli(args: readonly string[], setup: CliSetup = {}): Promise<CliRun> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const { input = [] } = setup;
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd: setup.cwd,
    env: { ...inherited, ...setup.env },
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.stdin.on("error", () => {}); // the program may exit without reading its input
  void writePieces(child.stdin, input instanceof Uint8Array ? [input] : [input].flat());
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

/** Writes each part separately, as far as the system allows. */
async function writePieces(
  stdin: Writable,
  pieces: readonly (string | Uint8Array)[],
): Promise<void> {
  for (const piece of pieces) {
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
