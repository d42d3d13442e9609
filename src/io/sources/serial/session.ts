import { type FramedLines, LineFramer } from "../../framing/line-framer.ts";
import { type Device, isThere } from "./find-devices.ts";
import { COMMON_BAUDS, judgeBaud } from "./judge-baud.ts";
import { OpenPort, type PortListener } from "./open-port.ts";

/** How often it is looked whether the port is still there, ms. */
const LOOK_MS = 250;
/** A port that is silent so long after it was opened begins with a whole line, ms. */
const QUIET_MS = 250;
/** How long closing may take before it is no longer waited for, ms. */
const CLOSES_WITHIN_MS = 2000;

/** Why a session ended. */
export type Ending = "unplugged" | "silent" | "stopped";

/** How a port is read. */
export interface SessionSettings {
  /** Bits per second; null: tried. */
  readonly baud: number | null;
  /** The rate that is tried first. */
  readonly firstBaud: number;
  readonly rtscts: boolean;
  /** Longest silence, ms; null: any. */
  readonly staleMs: number | null;
}

/** What a {@link Session} tells. */
export interface SessionListener {
  /** Lines make sense at that rate. Told once, before the first lines; at once where the rate is given. */
  settled(baud: number): void;
  lines(framed: FramedLines): void;
  /** No rate makes sense so far. */
  puzzled(): void;
}

/** One opening of a port. */
export class Session implements PortListener {
  readonly #device: Device;
  readonly #settings: SessionSettings;
  readonly #listener: SessionListener;
  readonly #bauds: readonly number[];
  #port: OpenPort | null = null;
  #framer: LineFramer | null = null;
  /** What was read while the rate is tried; null: it is settled. */
  #tried: Buffer | null;
  #trials = 0;
  #isSwitching = false;
  #sinceMs = performance.now();
  #lastByteMs = performance.now();
  #hasData = false;
  #end: (ending: Ending) => void = () => {};
  readonly #ended: Promise<Ending>;
  #close: () => void = () => {};
  readonly #closed: Promise<void>;

  constructor(device: Device, settings: SessionSettings, listener: SessionListener) {
    this.#device = device;
    this.#settings = settings;
    this.#listener = listener;
    this.#tried = settings.baud === null ? Buffer.alloc(0) : null;
    const others = COMMON_BAUDS.filter((baud) => baud !== settings.firstBaud);
    this.#bauds = settings.baud === null ? [settings.firstBaud, ...others] : [settings.baud];
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  /** Whether any byte came. */
  get hasData(): boolean {
    return this.#hasData;
  }

  /** Drops the line that was cut by the end. @returns Whether there was one. */
  wasCut(): boolean {
    return (this.#framer?.drop() ?? 0) > 0;
  }

  /** @throws {Error} When the port can't be opened; the message says why. */
  async open(): Promise<void> {
    const { rtscts } = this.#settings;
    this.#port = await OpenPort.open(this.#device.realPath, { baud: this.#baud, rtscts }, this);
    this.#sinceMs = performance.now();
    this.#lastByteMs = this.#sinceMs;
    if (this.#tried === null) this.#listener.settled(this.#baud);
  }

  /** Reads until the end, and closes the port. */
  async read(signal: AbortSignal): Promise<Ending> {
    const stop = (): void => this.#end("stopped");
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const timer = setInterval(() => void this.#look(), LOOK_MS);
    const ending = await this.#ended;
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    this.#port?.close();
    await this.#closedInTime();
    return ending;
  }

  data(bytes: Buffer): void {
    const now = performance.now();
    this.#hasData = true;
    this.#lastByteMs = now;
    if (this.#isSwitching) return;
    this.#framer ??= new LineFramer({ midLine: now - this.#sinceMs < QUIET_MS, atStart: true });
    if (this.#tried === null) {
      this.#listener.lines(this.#framer.push(bytes));
      return;
    }
    this.#tried = Buffer.concat([this.#tried, bytes]);
    this.#judge(this.#tried, this.#framer);
  }

  closed(): void {
    this.#close();
    this.#end("unplugged");
  }

  get #baud(): number {
    return this.#bauds[this.#trials % this.#bauds.length] ?? this.#settings.firstBaud;
  }

  /** Finds out what no event tells: some drivers end a port without a word. */
  async #look(): Promise<void> {
    if (this.#tried !== null && !this.#isSwitching) this.#judge(this.#tried, this.#framer);
    const { staleMs } = this.#settings;
    if (staleMs !== null && performance.now() - this.#lastByteMs > staleMs) this.#end("silent");
    if (this.#port?.isOpen !== true || !(await isThere(this.#device))) this.#end("unplugged");
  }

  #judge(bytes: Buffer, framer: LineFramer | null): void {
    const verdict = judgeBaud(bytes, performance.now() - this.#sinceMs);
    if (verdict === "wrong") void this.#tryNext();
    if (verdict !== "right" || framer === null) return;
    this.#tried = null;
    this.#listener.settled(this.#baud);
    this.#listener.lines(framer.push(bytes));
  }

  async #tryNext(): Promise<void> {
    this.#isSwitching = true;
    this.#trials += 1;
    if (this.#trials === this.#bauds.length) this.#listener.puzzled();
    try {
      await this.#port?.setBaud(this.#baud);
    } catch {} // the port does not know that rate: nothing will make sense, and the next one is tried
    this.#tried = Buffer.alloc(0);
    this.#framer = null;
    this.#sinceMs = performance.now();
    this.#isSwitching = false;
  }

  async #closedInTime(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSES_WITHIN_MS);
    });
    await Promise.race([this.#closed, late]);
    clearTimeout(timer);
  }
}
