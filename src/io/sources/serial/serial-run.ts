import { setTimeout as sleep } from "node:timers/promises";
import { IotmonError } from "../../../core/errors.ts";
import type { FramedLines } from "../../framing/line-framer.ts";
import type { LiveLines } from "../live/live-lines.ts";
import { COMMON_BAUDS } from "./baud-check.ts";
import { type Device, findDevices } from "./find-devices.ts";
import { loadSerialport } from "./load-serialport.ts";
import { permissionError } from "./permission.ts";
import { type Ending, Session, type SessionListener, type SessionSettings } from "./session.ts";

/** How a port is found and read. */
export interface SerialOptions {
  /** Device, stable name or glob, as the user gave it. */
  readonly path: string;
  /** Bits per second; `auto`: tries the common rates until lines are readable. */
  readonly baud: number | "auto";
  /** Whether to use hardware flow control (RTS/CTS). */
  readonly rtscts: boolean;
  /** Reopens a port after this silence, ms; null: never. */
  readonly staleMs: number | null;
}

/** Interval of the search for a missing port, ms. It polls, because a folder to watch may not exist. */
const SEARCH_MS = 250;
const MIN_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;

/** One run of a `SerialSource`: reopens the port after every session. */
export class SerialRun implements SessionListener {
  readonly #label: string;
  readonly #options: SerialOptions;
  readonly #lines: LiveLines;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  /** The last reported state; null: none yet. */
  #reported: "up" | "down" | null = null;
  #backoffMs = MIN_BACKOFF_MS;
  #firstBaud = COMMON_BAUDS[0] ?? 0;
  #device = "";
  /** Why the last attempt to open failed; empty: it succeeded. */
  #problem = "";
  #reportedProblem = "";
  /** Whether the port fell silent and has sent nothing since. */
  #isSilent = false;
  #failure: { readonly cause: unknown } | null = null;

  constructor(label: string, options: SerialOptions, lines: LiveLines, signal: AbortSignal) {
    this.#label = label;
    this.#options = options;
    this.#lines = lines;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  /** Reads until the signal is aborted or the listener fails. */
  async go(): Promise<void> {
    await loadSerialport();
    while (!this.#signal.aborted) {
      const devices = await findDevices(this.#options.path);
      const session = await this.#open(devices);
      if (session === null) await this.#wait(devices);
      else {
        const ending = await session.read(this.#signal);
        if (session.hasData) this.#backoffMs = MIN_BACKOFF_MS;
        this.#reportEnd(session, ending);
        if (ending === "unplugged") await this.#wait(await findDevices(this.#options.path));
      }
    }
    if (this.#failure !== null) throw this.#failure.cause;
  }

  settled(baud: number): void {
    this.#firstBaud = baud;
    if (this.#isSilent) return;
    const how = this.#options.baud === "auto" ? ", detected" : "";
    this.#reportUp(`reading ${this.#device} at ${baud} baud${how}`);
  }

  noRateFits(): void {
    const hint = "check the wiring, or set the baud rate";
    this.#reportDown(`${this.#device} sends no readable line at any common baud rate: ${hint}`);
  }

  lines(framed: FramedLines): void {
    if (this.#isSilent) {
      this.#isSilent = false;
      this.#reportUp(`${this.#device} sends again`);
    }
    this.#lines
      .give(framed, () => null)
      .catch((cause) => {
        this.#failure ??= { cause };
        this.#stop.abort();
      });
  }

  /** Opens the first device that it can. */
  async #open(devices: readonly Device[]): Promise<Session | null> {
    let failure: unknown = null;
    for (const device of devices) {
      try {
        await checkAccess(device);
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
    if (this.#reported === null && failure instanceof IotmonError) throw failure;
    if (failure === null) this.#reportDown(`there is no ${this.#label}; waiting for it`);
    else this.#reportProblem(`${devices[0]?.path} can't be opened: ${reasonOf(failure)}`);
    return null;
  }

  /** Reports a problem on its second occurrence: a new port gets its permissions a little late. */
  #reportProblem(problem: string): void {
    if (this.#problem !== problem) this.#problem = problem;
    else if (this.#reportedProblem !== problem) {
      this.#reportedProblem = problem;
      this.#reported = "down";
      this.#lines.down(problem);
    }
  }

  get #settings(): SessionSettings {
    const { baud, rtscts, staleMs } = this.#options;
    return { baud: baud === "auto" ? null : baud, firstBaud: this.#firstBaud, rtscts, staleMs };
  }

  #reportEnd(session: Session, ending: Ending): void {
    if (ending === "stopped") return;
    if (session.wasCut())
      this.#lines.lost(1, `${this.#device} was cut off in the middle of a line`);
    if (ending === "silent") {
      this.#isSilent = true;
      this.#reportDown(`${this.#device} is silent; reopening it`);
    } else {
      this.#isSilent = false;
      this.#reportDown(`${this.#device} was unplugged; waiting for it`);
    }
  }

  /** Waits longer after each attempt, but ends early if a device appears or disappears. */
  async #wait(devices: readonly Device[]): Promise<void> {
    const known = identities(devices);
    const until = performance.now() + this.#backoffMs;
    this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS);
    while (performance.now() < until) {
      await sleep(SEARCH_MS, null, { signal: this.#signal }).catch(() => {}); // stopped
      if (this.#signal.aborted) return;
      if (identities(await findDevices(this.#options.path)) !== known) {
        this.#backoffMs = MIN_BACKOFF_MS;
        return;
      }
    }
  }

  #reportUp(detail: string): void {
    if (this.#reported === "up") return;
    this.#reported = "up";
    this.#reportedProblem = "";
    this.#lines.up(detail);
  }

  #reportDown(detail: string): void {
    if (this.#reported === "down") return;
    this.#reported = "down";
    this.#lines.down(detail);
  }
}

/** @throws {IotmonError} If the device is not a port, or its permissions forbid reading. */
async function checkAccess(device: Device): Promise<void> {
  if (!device.isTerminal) {
    const hint = "`iotmon ports` lists the serial ports";
    throw new IotmonError("ERR_NO_INPUT", "this is not a serial port", { at: device.path, hint });
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
