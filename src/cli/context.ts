import type { Readable } from "node:stream";

/** A stream that results or messages go to; `isTTY`, `columns` and `rows` as on a terminal. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Everything of the process that a command may touch. */
export interface CliContext {
  readonly stdin: Readable;
  /** Results only. */
  readonly stdout: OutputStream;
  /** Progress, warnings, prompts. */
  readonly stderr: OutputStream;
  /** Aborted by the first Ctrl-C: stop reading, finish what was begun, tell what there is. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** At the end, what stdout has not taken by then is not waited for: whoever reads it hangs. */
  readonly abandonStdout: () => void;
  /** Folder that relative paths start from, absolute. */
  readonly cwd: string;
}

/** Options that every command takes. */
export interface GlobalOptions {
  /** Nothing on stderr but errors. */
  readonly quiet?: boolean;
  /** Says more on stderr. */
  readonly verbose?: boolean;
  /** False: `--no-color`. */
  readonly color: boolean;
}
