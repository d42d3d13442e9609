import type { Readable } from "node:stream";

/** A stream that results or messages go to; `isTTY`, `columns` and `rows` as on a terminal. */
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
  /** Aborted by the first Ctrl-C: stop reading, finish the work that has begun, show the results. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes the process exit without waiting for stdout: its reader hangs. */
  readonly abandonStdout: () => void;
  /** Absolute path of the folder that relative paths start from. */
  readonly cwd: string;
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
