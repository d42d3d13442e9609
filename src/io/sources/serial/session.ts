import { type FramedLines, LineFramer } from "../../framing/line-framer.ts";
import { COMMON_BAUDS, checkBaud } from "./baud-check.ts";
import { type Device, isThere } from "./find-devices.ts";
import { OpenPort, type PortListener } from "./open-port.ts";

/** Interval of the checks whether the port still exists, ms. */
const CHECK_MS = 250;
/** A port that is silent for this time after it opens begins with a whole line, ms. */
const QUIET_MS = 250;
/** Longest wait for a port to close, ms. */
const CLOSES_WITHIN_MS = 2000;

/** Why a session ended. */
export type Ending = "unplugged" | "silent" | "stopped";

/** How a port is read. */
export interface SessionSettings {
  /** Bits per second; null: the session finds the rate. */
  readonly baud: number | null;
  /** The rate to try first. */
  readonly firstBaud: number;
  readonly rtscts: boolean;
  /** Longest silence, ms; null: any. */
  readonly staleMs: number | null;
}

/** Receives the events of a {@link Session}. */
export interface SessionListener {
  /** The rate is known. Called once, before the first lines; at once if the settings give the rate. */
  settled(baud: number): void;
  lines(framed: FramedLines): void;
  /** No common rate gives readable lines. */
  noRateFits(): void;
}

/** One opening of a port. */
export class Session implements PortListener {
  readonly #device: Device;
  readonly #settings: SessionSettings;
  readonly #listener: SessionListener;
  readonly #bauds: readonly number[];
  #port: OpenPort | null = null;
  #framer: LineFramer | null = null;
  /** Bytes read at the rate under trial; null: the rate is known. */
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

  /** Whether the port has sent any byte. */
  get hasData(): boolean {
    return this.#hasData;
  }

  /** Drops the incomplete last line. @returns Whether there was one. */
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
    const timer = setInterval(() => void this.#checkPort(), CHECK_MS);
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
    this.#checkBaud(this.#tried, this.#framer);
  }

  closed(): void {
    this.#close();
    this.#end("unplugged");
  }

  get #baud(): number {
    return this.#bauds[this.#trials % this.#bauds.length] ?? this.#settings.firstBaud;
  }

  /** Checks for states without an event: some drivers remove a port silently. */
  async #checkPort(): Promise<void> {
    if (this.#tried !== null && !this.#isSwitching) this.#checkBaud(this.#tried, this.#framer);
    const { staleMs } = this.#settings;
    if (staleMs !== null && performance.now() - this.#lastByteMs > staleMs) this.#end("silent");
    if (this.#port?.isOpen !== true || !(await isThere(this.#device))) this.#end("unplugged");
  }

  #checkBaud(bytes: Buffer, framer: LineFramer | null): void {
    const verdict = checkBaud(bytes, performance.now() - this.#sinceMs);
    if (verdict === "wrong") void this.#tryNext();
    if (verdict !== "right" || framer === null) return;
    this.#tried = null;
    this.#listener.settled(this.#baud);
    this.#listener.lines(framer.push(bytes));
  }

  async #tryNext(): Promise<void> {
    this.#isSwitching = true;
    this.#trials += 1;
    if (this.#trials === this.#bauds.length) this.#listener.noRateFits();
    try {
      await this.#port?.setBaud(this.#baud);
    } catch {} // an unsupported rate: no readable line will come, so the next rate follows
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
