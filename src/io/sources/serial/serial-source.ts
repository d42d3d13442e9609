import { basename, resolve } from "node:path";
import { LiveLines } from "../live/live-lines.ts";
import type { LiveListener, LiveSource, SourcePosition } from "../live/live-source.ts";
import { type SerialOptions, SerialRun } from "./serial-run.ts";

/**
 * A serial port as a {@link LiveSource}: 8 data bits, no parity, 1 stop bit. It may be unplugged and return, under
 * another name if the path is a glob or a stable name. It has no positions and never pauses.
 */
export class SerialSource implements LiveSource {
  readonly label: string;
  readonly stem: string;
  readonly isDevice = true;
  readonly path = null;
  readonly #options: SerialOptions;

  /** @param cwd Base of a relative path. */
  constructor(options: SerialOptions, cwd: string) {
    this.label = options.path;
    this.stem = basename(options.path).replace(/[*?[\]{}()!+@|]+/g, "") || "serial";
    this.#options = { ...options, path: resolve(cwd, options.path) };
  }

  /**
   * @throws {IotmonError} `ERR_PERMISSION` if the port exists at the start but is not readable, `ERR_NO_INPUT` if
   * the path is not a port, `ERR_UNAVAILABLE` if the package serialport is missing.
   */
  async run(
    listener: LiveListener,
    _from: SourcePosition | null,
    signal: AbortSignal,
  ): Promise<void> {
    await new SerialRun(this.label, this.#options, new LiveLines(listener), signal).go();
  }
}
