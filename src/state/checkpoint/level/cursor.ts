/** Reads the bytes of a LevelDB file forward; past the end, every method throws a RangeError. */
export class Cursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Seven bits a byte, the lowest first. */
  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 42) throw new RangeError("A number is too long");
    }
  }

  /** Little-endian; exact below 2^53. */
  uint64(): number {
    return Number(this.take(8).readBigUInt64LE(0));
  }

  take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.at, this.at + length);
    if (taken.length < length) throw new RangeError("The bytes end too early");
    this.at += length;
    return taken;
  }
}
