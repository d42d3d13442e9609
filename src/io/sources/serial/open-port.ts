import type { SerialPort } from "serialport";
import { loadSerialport } from "./load-serialport.ts";

/** How a port is opened: always 8 data bits, no parity, 1 stop bit. */
export interface PortSettings {
  /** Bits per second. */
  readonly baud: number;
  /** Whether the hardware says when it is ready. */
  readonly rtscts: boolean;
}

/** What an {@link OpenPort} tells. */
export interface PortListener {
  /** Bytes; valid until it returns. */
  data(bytes: Buffer): void;
  /** It is closed, by whomever; the last thing that it tells. */
  closed(): void;
}

/** A port that is open. */
export class OpenPort {
  readonly #port: SerialPort;

  private constructor(port: SerialPort, listener: PortListener) {
    this.#port = port;
    port.on("data", (bytes: Buffer) => listener.data(bytes));
    port.once("close", () => listener.closed());
    port.on("error", () => this.close());
  }

  /** @throws {Error} When it can't be opened; the message says why. */
  static async open(
    path: string,
    { baud, rtscts }: PortSettings,
    listener: PortListener,
  ): Promise<OpenPort> {
    const { SerialPort } = await loadSerialport();
    const port = new SerialPort({ path, baudRate: baud, rtscts, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((failure) => (failure === null ? resolve() : reject(failure)));
    });
    return new OpenPort(port, listener);
  }

  get isOpen(): boolean {
    return this.#port.isOpen;
  }

  /**
   * Changes the rate, and forgets what was read at the one before.
   *
   * @throws {Error} When the port does not know that rate.
   */
  async setBaud(baud: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#port.update({ baudRate: baud }, (failure) =>
        failure === null ? resolve() : reject(failure),
      );
    });
    await new Promise<void>((resolve) => {
      this.#port.flush(() => resolve());
    });
  }

  /** Begins to close it. Calling it again does nothing. */
  close(): void {
    if (this.#port.isOpen) this.#port.close(() => {}); // told by its event
  }
}
