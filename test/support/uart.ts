/** Bits of a frame: start, eight data bits with the lowest first, stop. */
const FRAME_BITS = 10;

/** The format of a byte on the line. */
interface Sending {
  /** Bits per second. */
  readonly baud: number;
  /** Silence between two of the texts, s. */
  readonly pause: number;
}

/**
 * What a UART receives at `baud` when texts are sent at another rate: it waits for a falling edge, looks at
 * the middle of each bit, and drops a byte without a stop bit, as the driver does (IGNPAR).
 */
export function receiveAt(baud: number, texts: readonly string[], sending: Sending): Buffer {
  const line = new Line(texts, sending);
  const received: number[] = [];
  for (let start = line.nextFall(0); start !== null; ) {
    const at = (bit: number): number => (start as number) + (bit + 0.5) / baud;
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) if (line.isHigh(at(bit + 1))) byte |= 1 << bit;
    const isFramed = line.isHigh(at(FRAME_BITS - 1)) && !line.isHigh(at(0));
    if (isFramed) received.push(byte);
    start = line.nextFall(at(FRAME_BITS - 1));
  }
  return Buffer.from(received);
}

/** The level of a wire over time, s. */
class Line {
  readonly #starts: number[] = [];
  readonly #bytes: number[] = [];
  readonly #baud: number;

  constructor(texts: readonly string[], { baud, pause }: Sending) {
    this.#baud = baud;
    let time = pause;
    for (const text of texts) {
      for (const byte of Buffer.from(text)) {
        this.#starts.push(time);
        this.#bytes.push(byte);
        time += FRAME_BITS / baud;
      }
      time += pause;
    }
  }

  isHigh(time: number): boolean {
    const i = this.#frameAt(time);
    if (i < 0) return true;
    const bit = Math.floor((time - (this.#starts[i] ?? 0)) * this.#baud);
    if (bit === 0) return false;
    return bit >= FRAME_BITS - 1 || (((this.#bytes[i] ?? 0) >> (bit - 1)) & 1) === 1;
  }

  /** The time of the next falling edge, at that time or later; null: never. */
  nextFall(time: number): number | null {
    for (let i = Math.max(0, this.#frameAt(time)); i < this.#starts.length; i++) {
      const start = this.#starts[i] ?? 0;
      for (let bit = 0; bit < FRAME_BITS; bit++) {
        const edge = start + bit / this.#baud;
        const step = 0.25 / this.#baud;
        if (edge >= time && this.isHigh(edge - step) && !this.isHigh(edge + step)) return edge;
      }
    }
    return null;
  }

  /** Index of the newest frame; -1 without one. */
  #frameAt(time: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
