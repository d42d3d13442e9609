import type { SerialPort } from "serialport";
import { loadSerialport } from "./load-serialport.ts";

/** Settings of a port; it always has 8 data bits, no parity and 1 stop bit. */
export interface PortSettings {
  /** Bits per second. */
  readonly baud: number;
  /** Whether to use hardware flow control (RTS/CTS). */
  readonly rtscts: boolean;
}

/** Receives the events of an {@link OpenPort}. */
export interface PortListener {
  /** Takes bytes, which are valid until it returns. */
  data(bytes: Buffer): void;
  /** The port is closed. Always the last event. */
  closed(): void;
}

/** An open port. */
export class OpenPort {
  readonly #port: SerialPort;

  private constructor(port: SerialPort, listener: PortListener) {
    this.#port = port;
    port.on("data", (bytes: Buffer) => listener.data(bytes));
    port.once("close", () => listener.closed());
    port.on("error", () => this.close());
  }

  /** @throws {Error} If the port can't be opened; the message has the reason. */
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
   * Changes the rate and drops bytes that arrived at the old one.
   *
   * @throws {Error} If the port does not support the rate.
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

  /** Starts to close the port. Further calls have no effect. */
  close(): void {
    if (this.#port.isOpen) this.#port.close(() => {}); // the event `close` follows
  }
}
