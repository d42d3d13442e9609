/** Position from which the next start resumes a source that can be read again; plain JSON. */
export type SourcePosition = Readonly<Record<string, string | number>>;

/** Whole lines in order of arrival; at least one. */
export interface LineChunk {
  /** Without line ends, including blank lines. A line above the length limit is empty. */
  readonly lines: readonly string[];
  /** Number of lines with invalid UTF-8, replaced by U+FFFD. */
  readonly repaired: number;
  /** 1-based number of the first line, counted since the first read of the source. */
  readonly firstLine: number;
  /** Clock time of their arrival, ms since epoch. */
  readonly arrivalMs: number;
  /** Position after the last line; null: the source can't be read again. */
  readonly position: SourcePosition | null;
  /** Called when the journal has the results of all lines, which a broker waits for; undefined: the source needs no call. */
  readonly kept?: (() => void) | undefined;
}

/** An event of a source, other than lines. */
export interface SourceEvent {
  /**
   * `down`: the source is missing, and iotmon retries. `up`: iotmon reads it, for the first time or again.
   * `lost`: bytes without a usable line: too long, cut off by unplugging, skipped by a rotation.
   */
  readonly kind: "down" | "up" | "lost";
  /** A sentence for people: what happened, and what iotmon does about it. */
  readonly detail: string;
  /** Minimum number of lost lines; 0 unless `lost`. */
  readonly lines: number;
  readonly atMs: number;
}

/** Receives the lines and events of a source. */
export interface LiveListener {
  /**
   * iotmon continues to read files and stdin when the promise resolves. A port never waits: the caller queues
   * its lines, within a limit.
   */
  lines(chunk: LineChunk): Promise<void> | void;
  event(event: SourceEvent): void;
}

/** A source without an end: serial port, growing file, stdin, MQTT. */
export interface LiveSource {
  /** As the user named it. */
  readonly label: string;
  /** Short name: the default key and pipeline name. */
  readonly stem: string;
  /**
   * Whether one device sends all lines, at its own pace: it can't wait for a reader, and its first bytes may be
   * garbage.
   */
  readonly isDevice: boolean;
  /** Absolute path of a file, which identifies it; null: not a file. */
  readonly path: string | null;
  /** How long the first lines may arrive before their format is decided, ms; undefined: as for all sources. */
  readonly firstLinesMs?: number;
  /**
   * Reads to the end (stdin) or until the signal is aborted. Waits for a missing port or file.
   *
   * @param from Position to resume from; null: the start of a file.
   * @throws {IotmonError} Errors that waiting does not solve: `ERR_PERMISSION`, `ERR_NO_INPUT`, `ERR_UNAVAILABLE`.
   */
  run(listener: LiveListener, from: SourcePosition | null, signal: AbortSignal): Promise<void>;
}
