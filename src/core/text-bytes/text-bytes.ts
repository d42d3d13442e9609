import { PAGE_BYTES, WasmCode, type WasmMemory } from "../wasm-code.ts";
import { KERNEL } from "./decimal-code.ts";
import { powersOfTen } from "./powers-of-ten.ts";

/** Bytes that writing a number may change. */
const NUMBER_ROOM = 48;

/** Exports of the kernel, see `kernel/decimal`. */
interface Decimals {
  readonly memory: WasmMemory;
  memoryStart(): number;
  usePowers(address: number): void;
  write(value: number, at: number): number;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const code = new WasmCode(KERNEL);

/** Collects text as bytes, which is several times as fast as joining strings and encoding them. */
export class TextBytes {
  readonly #decimals: Decimals;
  #bytes: Uint8Array<ArrayBuffer>;
  /** Addresses of the first byte of text, the next one, and the last one at which a number still fits. */
  readonly #start: number;
  #at: number;
  #limit: number;

  /** @param capacity Bytes of text to begin with. */
  constructor(capacity: number) {
    this.#decimals = code.start({}) as Decimals;
    const powers = powersOfTen();
    const address = (this.#decimals.memoryStart() + 7) & ~7;
    this.#start = address + powers.byteLength;
    this.#at = this.#start;
    this.#bytes = new Uint8Array(0);
    this.#limit = 0;
    this.#makeRoom(capacity);
    new BigUint64Array(this.#decimals.memory.buffer, address, powers.length).set(powers);
    this.#decimals.usePowers(address);
  }

  /** Number of bytes. */
  get length(): number {
    return this.#at - this.#start;
  }

  /** Appends encoded text; 1 ns per byte. */
  add(text: Uint8Array): void {
    const { length } = text;
    if (this.#at + length > this.#limit) this.#makeRoom(length);
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < length; i++) bytes[at + i] = text[i] as number;
    this.#at = at + length;
  }

  /** Appends the bytes of `String(value)`; 50 ns. @param value Finite. */
  addNumber(value: number): void {
    if (this.#at > this.#limit) this.#makeRoom(0);
    this.#at = this.#decimals.write(value, this.#at);
  }

  /** The text, which the next call of any method may overwrite. Starts a new one. */
  take(): Uint8Array<ArrayBuffer> {
    const text = this.#bytes.subarray(this.#start, this.#at);
    this.#at = this.#start;
    return text;
  }

  /** As {@link take}, decoded. */
  takeString(): string {
    return decoder.decode(this.take());
  }

  /** Doubles the memory until `length` more bytes and a number fit. */
  #makeRoom(length: number): void {
    const { memory } = this.#decimals;
    const wanted = this.#at + length + NUMBER_ROOM;
    if (wanted > memory.buffer.byteLength) {
      const bytes = Math.max(wanted, 2 * this.#bytes.length) - memory.buffer.byteLength;
      memory.grow(Math.ceil(bytes / PAGE_BYTES));
    }
    this.#bytes = new Uint8Array(memory.buffer);
    this.#limit = this.#bytes.length - NUMBER_ROOM;
  }
}
