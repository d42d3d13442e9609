/** Where the next start goes on in a source that can be read again; plain JSON. */
export type SourcePosition = Readonly<Record<string, string | number>>;

/** Whole lines, in the order in which they came; at least one. */
export interface LineChunk {
  /** Without their line ends. Blank ones are there too; one that was lost for its length is empty. */
  readonly lines: readonly string[];
  /** How many of them had bytes that are no UTF-8; U+FFFD stands for these. */
  readonly repaired: number;
  /** 1-based number of the first one, since the source was first read. */
  readonly firstLine: number;
  /** Clock time at which they came, ms since epoch. */
  readonly arrivalMs: number;
  /** Where the source stands after the last one; null: it can't be read again. */
  readonly position: SourcePosition | null;
}

/** What happened to a source, other than lines. */
export interface SourceEvent {
  /**
   * `down`: there is nothing to read from, it is tried again. `up`: it is read, for the first time or again.
   * `lost`: bytes that were no usable line: too long, cut by an unplugging, skipped by a rotation.
   */
  readonly kind: "down" | "up" | "lost";
  /** A sentence for people: what happened, and what is done about it. */
  readonly detail: string;
  /** Lines lost, at the least; 0 unless `lost`. */
  readonly lines: number;
  readonly atMs: number;
}

/** Takes what comes from a source. */
export interface LiveListener {
  /**
   * Files and stdin are read on when the promise resolves. A port is never held up: what comes meanwhile
   * waits in a bounded queue of the caller.
   */
  lines(chunk: LineChunk): Promise<void> | void;
  event(event: SourceEvent): void;
}

/** A source that goes on: serial port, growing file, stdin. */
export interface LiveSource {
  /** As the user named it. */
  readonly label: string;
  /** Short name: the default key and pipeline name. */
  readonly stem: string;
  /**
   * Whether one device sends all of it, whether or not anybody reads: it can't be held up, and what it sends
   * first may be garbage.
   */
  readonly isDevice: boolean;
  /** Absolute path of a file, by which it is known however it is named; null: it is none. */
  readonly path: string | null;
  /**
   * Reads until its end (stdin) or until the signal is aborted; a missing port or file is waited for.
   *
   * @param from Where to go on; null: files from their beginning.
   * @throws {IotmonError} What no waiting mends: `ERR_PERMISSION`, `ERR_NO_INPUT`, `ERR_UNAVAILABLE`.
   */
  run(listener: LiveListener, from: SourcePosition | null, signal: AbortSignal): Promise<void>;
}
