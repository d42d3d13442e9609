import type { CheckpointValue } from "./checkpoint-value.ts";
import { valueKey } from "./manifest.ts";
import { SEAL_BYTES, sealInto } from "./sealed.ts";

/**
 * Bytes that are handed to LevelDB at once. Few, as each of the threads that write keeps what a write took
 * at the most, for the next one; not fewer, as each write waits for the disk.
 */
const SLICE_BYTES = 256 * 1024;

/** A value, and where it is stored. */
export interface PlacedValue extends CheckpointValue {
  readonly key: string;
}

/** What a LevelDB batch takes. */
export interface Put {
  readonly type: "put";
  readonly key: string;
  readonly value: Uint8Array;
}

/** What the checksum of a value covers beside its bytes. */
export function labelOf({ name, version }: Pick<CheckpointValue, "name" | "version">): string {
  return `${name}\n${version}`;
}

/** Gives the values of a generation their keys. */
export function place(generation: number, values: readonly CheckpointValue[]): PlacedValue[] {
  return values.map(({ name, version, bytes }, i) => {
    return { name, version, bytes, key: valueKey(generation, i) };
  });
}

/** Values in slices of some bytes, one at least; a larger value is a slice of its own. */
export function sliced(values: readonly PlacedValue[]): PlacedValue[][] {
  let slice: PlacedValue[] = [];
  const slices = [slice];
  let bytes = 0;
  for (const value of values) {
    const size = SEAL_BYTES + value.bytes.length;
    if (slice.length > 0 && bytes + size > SLICE_BYTES) {
      slice = [];
      slices.push(slice);
      bytes = 0;
    }
    slice.push(value);
    bytes += size;
  }
  return slices;
}

/** Seals slices of values, one after the other in the same place. */
export class Sealer {
  #room = new Uint8Array(0);

  /** Puts of a slice. Their bytes are valid until the next call. */
  seal(slice: readonly PlacedValue[]): Put[] {
    const bytes = slice.reduce((sum, value) => sum + SEAL_BYTES + value.bytes.length, 0);
    const room = this.#roomFor(bytes);
    let at = 0;
    return slice.map((value) => {
      const sealed = room.subarray(at, at + SEAL_BYTES + value.bytes.length);
      sealInto(sealed, labelOf(value), value.bytes);
      at += sealed.length;
      return { type: "put", key: value.key, value: sealed };
    });
  }

  /** A slice of one large value is rare, so room for it is not kept. */
  #roomFor(bytes: number): Uint8Array {
    if (bytes > SLICE_BYTES) return new Uint8Array(bytes);
    if (bytes > this.#room.length) this.#room = new Uint8Array(SLICE_BYTES);
    return this.#room;
  }
}
