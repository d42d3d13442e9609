import type { Readable } from "node:stream";
import type { Blocking } from "../io/sources/inputs/expand-inputs.ts";

/** An output stream; `isTTY`, `columns` and `rows` describe a terminal. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** The parts of the process that a command may use. */
export interface CliContext {
  readonly stdin: Readable;
  /** Results only. */
  readonly stdout: OutputStream;
  /** Progress, warnings, prompts. */
  readonly stderr: OutputStream;
  /** Aborted by the first Ctrl-C: a command stops reading, finishes its work and shows the results. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes the process exit without waiting for stdout, whose reader hangs. */
  readonly abandonStdout: () => void;
  /** Absolute path of the folder for relative paths. */
  readonly cwd: string;
  /** Runs work that blocks the thread; SIGINT and SIGTERM end the program meanwhile. Undefined: it just runs. */
  readonly blocking?: Blocking | undefined;
}

/** Options that every command takes. */
export interface GlobalOptions {
  /** Print only errors on stderr. */
  readonly quiet: boolean;
  /** Print more on stderr. */
  readonly verbose: boolean;
  /** False: `--no-color`. */
  readonly color: boolean;
}
