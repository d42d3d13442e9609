import { setTimeout as sleep } from "node:timers/promises";
import { IotmonError } from "../../../core/errors.ts";
import type { FramedLines } from "../../framing/line-framer.ts";
import type { LiveLines } from "../live/live-lines.ts";
import { type Device, findDevices } from "./find-devices.ts";
import { COMMON_BAUDS } from "./judge-baud.ts";
import { loadSerialport } from "./load-serialport.ts";
import { permissionError } from "./permission.ts";
import { type Ending, Session, type SessionListener, type SessionSettings } from "./session.ts";

/** How a port is found and read. */
export interface SerialOptions {
  /** Device, stable name or glob, as the user gave it. */
  readonly path: string;
  /** Bits per second; `auto`: the common ones are tried until lines make sense. */
  readonly baud: number | "auto";
  /** Whether the hardware says when it is ready. */
  readonly rtscts: boolean;
  /** A port that is silent for so long is opened again, ms; null: none is. */
  readonly staleMs: number | null;
}

/** How often it is looked for a port that is not there, ms: no folder to watch is there for sure. */
const LOOK_MS = 250;
const MIN_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;

/** One run of a `SerialSource`: opens the port again and again. */
export class SerialRun implements SessionListener {
  readonly #label: string;
  readonly #options: SerialOptions;
  readonly #lines: LiveLines;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  /** What was told last; null: nothing yet. */
  #told: "up" | "down" | null = null;
  #backoffMs = MIN_BACKOFF_MS;
  #firstBaud = COMMON_BAUDS[0] ?? 0;
  #device = "";
  /** What hindered the last opening; empty: nothing. */
  #problem = "";
  #toldProblem = "";
  /** Whether the port was silent and has not spoken since. */
  #isSilent = false;
  #failure: { readonly cause: unknown } | null = null;

  constructor(label: string, options: SerialOptions, lines: LiveLines, signal: AbortSignal) {
    this.#label = label;
    this.#options = options;
    this.#lines = lines;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  /** Reads until it is stopped, or the listener fails. */
  async go(): Promise<void> {
    await loadSerialport();
    while (!this.#signal.aborted) {
      const devices = await findDevices(this.#options.path);
      const session = await this.#open(devices);
      if (session === null) await this.#wait(devices);
      else {
        const ending = await session.read(this.#signal);
        if (session.hasData) this.#backoffMs = MIN_BACKOFF_MS;
        this.#tellEnd(session, ending);
        if (ending === "unplugged") await this.#wait(await findDevices(this.#options.path));
      }
    }
    if (this.#failure !== null) throw this.#failure.cause;
  }

  settled(baud: number): void {
    this.#firstBaud = baud;
    if (this.#isSilent) return;
    const how = this.#options.baud === "auto" ? ", found by trying" : "";
    this.#tellUp(`reading ${this.#device} at ${baud} baud${how}`);
  }

  puzzled(): void {
    const hint = "check the wiring, or give the baud rate";
    this.#tellDown(
      `${this.#device} sends nothing that makes sense at any common baud rate: ${hint}`,
    );
  }

  lines(framed: FramedLines): void {
    if (this.#isSilent) {
      this.#isSilent = false;
      this.#tellUp(`${this.#device} speaks again`);
    }
    this.#lines
      .give(framed, () => null)
      .catch((cause) => {
        this.#failure ??= { cause };
        this.#stop.abort();
      });
  }

  /** Opens the first one of these that can be. */
  async #open(devices: readonly Device[]): Promise<Session | null> {
    let failure: unknown = null;
    for (const device of devices) {
      try {
        await refuse(device);
        const also = devices.length > 1 ? `, one of ${devices.length} that match` : "";
        this.#device = `${device.path}${also}`;
        const session = new Session(device, this.#settings, this);
        await session.open();
        this.#problem = "";
        return session;
      } catch (cause) {
        failure ??= cause;
      }
    }
    if (this.#told === null && failure instanceof IotmonError) throw failure;
    if (failure === null) this.#tellDown(`there is no ${this.#label}; it is waited for`);
    else this.#tellProblem(`${devices[0]?.path} can't be opened: ${reasonOf(failure)}`);
    return null;
  }

  /** Tells what hinders a port that is there, once it is no passing thing: rights come a little later. */
  #tellProblem(problem: string): void {
    if (this.#problem !== problem) this.#problem = problem;
    else if (this.#toldProblem !== problem) {
      this.#toldProblem = problem;
      this.#told = "down";
      this.#lines.down(problem);
    }
  }

  get #settings(): SessionSettings {
    const { baud, rtscts, staleMs } = this.#options;
    return { baud: baud === "auto" ? null : baud, firstBaud: this.#firstBaud, rtscts, staleMs };
  }

  #tellEnd(session: Session, ending: Ending): void {
    if (ending === "stopped") return;
    if (session.wasCut())
      this.#lines.lost(1, `${this.#device} was cut off in the middle of a line`);
    if (ending === "silent") {
      this.#isSilent = true;
      this.#tellDown(`${this.#device} is silent; it is opened again`);
    } else {
      this.#isSilent = false;
      this.#tellDown(`${this.#device} was unplugged; it is waited for`);
    }
  }

  /** Waits longer each time, but no longer than until a device comes or goes. */
  async #wait(devices: readonly Device[]): Promise<void> {
    const known = identities(devices);
    const until = performance.now() + this.#backoffMs;
    this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS);
    while (performance.now() < until) {
      await sleep(LOOK_MS, null, { signal: this.#signal }).catch(() => {}); // stopped
      if (this.#signal.aborted) return;
      if (identities(await findDevices(this.#options.path)) !== known) {
        this.#backoffMs = MIN_BACKOFF_MS;
        return;
      }
    }
  }

  #tellUp(detail: string): void {
    if (this.#told === "up") return;
    this.#told = "up";
    this.#toldProblem = "";
    this.#lines.up(detail);
  }

  #tellDown(detail: string): void {
    if (this.#told === "down") return;
    this.#told = "down";
    this.#lines.down(detail);
  }
}

/** @throws {IotmonError} When it need not even be tried. */
async function refuse(device: Device): Promise<void> {
  if (!device.isTerminal) {
    const hint = "iotmon ports lists the ports that there are";
    throw new IotmonError("ERR_NO_INPUT", "this is no serial port", { at: device.path, hint });
  }
  if (!device.isPermitted) throw await permissionError(device);
}

function identities(devices: readonly Device[]): string {
  return devices.map(({ path, identity }) => `${path} ${identity}`).join("\n");
}

function reasonOf(cause: unknown): string {
  if (cause instanceof IotmonError) return [cause.message, cause.hint].join(". ");
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/lock port/i.test(text)) return "another program has it open";
  return text.replace(/^Error: /, "");
}
