import { crc32, deflateRawSync } from "node:zlib";
import type { SegmentLog } from "../segment-log.ts";
import type { CheckpointValue } from "./checkpoint-value.ts";
import { encodeEntry } from "./entry.ts";
import { createPatch, signatureOf } from "./patch.ts";
import type { SavedGeneration, SavedValue } from "./saved-values.ts";

/** A larger patch, as a share of the value, is not worth it. */
const WORTHWHILE = 0.5;
/** Fast rather than small: most numbers are noise, but rows and times shrink to a third. */
const PACKING = { level: 1 };
/** Bytes that are queued before they are written. */
const QUEUE_BYTES = 256 * 1024;

/** What a generation is built on. */
export interface Base {
  /** Number of the attempt, and of the generation if it is saved. */
  readonly attempt: number;
  /** The previous generation; 0: nothing of it is kept. */
  readonly number: number;
  /** Its values that need not be written again. */
  readonly kept: ReadonlyMap<string, SavedValue>;
  readonly note: number;
}

/** Writes one generation: the previous one with changes. Nothing counts before {@link save} resolves. */
export class GenerationWriter {
  readonly #log: SegmentLog;
  readonly #base: Base;
  readonly #values: Map<string, SavedValue>;
  readonly #onEnd: (saved: SavedGeneration | "failed") => void;
  #queued = 0;
  #bytes = 0;

  /** @param onEnd Receives the saved generation; `failed` if its manifest may or may not be on the disk. */
  constructor(log: SegmentLog, base: Base, onEnd: (saved: SavedGeneration | "failed") => void) {
    this.#log = log;
    this.#base = base;
    this.#values = new Map(base.kept);
    this.#onEnd = onEnd;
  }

  /** Versions of the values that need not be put again, by name. */
  get versions(): ReadonlyMap<string, number> {
    return new Map([...this.#values].map(([name, { version }]) => [name, version]));
  }

  /** Bytes of the values put so far, as they are stored whole. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether enough is queued for a {@link flush}. */
  get isFull(): boolean {
    return this.#queued >= QUEUE_BYTES;
  }

  /** Adds a new or changed value. O(bytes), about 20 ns a byte. Queues it; call {@link flush} now and then. */
  put({ name, version, bytes }: CheckpointValue): void {
    const { attempt, kept } = this.#base;
    const size = bytes.length;
    if (size === 0) {
      const from = Number.POSITIVE_INFINITY; // its manifest
      this.#values.set(name, {
        version,
        crc: null,
        stored: 0,
        from,
        signature: signatureOf(bytes),
      });
      return;
    }
    const before = kept.get(name);
    const patch = before === undefined ? null : createPatch(before.signature, bytes);
    const isPatch = before !== undefined && patch !== null && patch.length < WORTHWHILE * size;
    const kind = isPatch ? "patch" : "whole";
    const content = isPatch ? patch : bytes;
    const smaller = deflateRawSync(content, PACKING);
    const packed = smaller.length < content.length;
    const entry = { kind, attempt, name, size, packed } as const;
    const record = encodeEntry(entry, packed ? smaller : content);
    const seq = this.#append(record);
    const from = isPatch ? before.from : seq;
    const stored = isPatch ? before.stored : record.length;
    const signature = signatureOf(bytes);
    this.#values.set(name, { version, crc: crc32(bytes), stored, from, signature });
    this.#bytes += stored;
  }

  /** Removes values. */
  remove(names: Iterable<string>): void {
    for (const name of names) this.#values.delete(name);
  }

  /**
   * Writes queued values.
   *
   * @throws {IotmonError} `ERR_IO`. Nothing is saved; the writer is of no further use.
   */
  async flush(): Promise<void> {
    try {
      await this.#log.flush();
      this.#queued = 0;
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  /** Gives the generation up. Its records count for nothing. */
  async abandon(): Promise<void> {
    await this.#log.retract();
  }

  /**
   * Saves the generation. Atomic; resolves when it is on the disk.
   *
   * @returns Its number.
   * @throws {IotmonError} `ERR_IO`: nothing is saved.
   */
  async save(): Promise<number> {
    await this.flush();
    const { attempt: generation, number: base, note } = this.#base;
    const values = [...this.#values].map(
      ([name, { version, crc }]) => [name, version, crc] as const,
    );
    const entry = { kind: "saved", manifest: { generation, base, note, values } } as const;
    const seq = this.#append(encodeEntry(entry));
    try {
      await this.#log.sync();
    } catch (error) {
      this.#onEnd("failed");
      await this.abandon();
      throw error;
    }
    const first = [...this.#values.values()].reduce((min, { from }) => Math.min(min, from), seq);
    this.#onEnd({ number: generation, values: this.#values, from: first });
    return generation;
  }

  #append(record: Buffer): number {
    const seq = this.#log.append(record);
    if (seq === "full") throw new RangeError("A checkpoint log must not have a size limit");
    this.#queued += record.length;
    return seq;
  }
}
