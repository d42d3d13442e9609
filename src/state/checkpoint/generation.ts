import { crc32, inflateRawSync } from "node:zlib";
import type { CheckpointValue } from "./checkpoint-value.ts";
import { decodeEntry, type Manifest } from "./entry.ts";
import { applyPatch } from "./patch.ts";

/** A saved generation, read from the disk. */
export interface Generation {
  /** 0: nothing is saved. */
  readonly number: number;
  /** Intact values by name. */
  readonly values: ReadonlyMap<string, CheckpointValue>;
  /** Names of the damaged values. */
  readonly damaged: readonly string[];
}

/** An intact value of a log. */
interface ReadValue extends CheckpointValue {
  /** Bytes of the record with the whole value that it builds on. */
  readonly stored: number;
  readonly crc: number | null;
  /** First record that it needs. */
  readonly from: number;
}

/** A generation of a log. */
interface Found {
  readonly manifest: Manifest;
  /** First record that it needs. */
  readonly from: number;
}

interface Content {
  readonly bytes: Uint8Array;
  /** Bytes of the record with the whole value. */
  readonly stored: number;
  /** Record with the whole value that patches changed since. */
  readonly from: number;
}

interface Pending {
  readonly attempt: number;
  /** Changes the contents by name. */
  apply(contents: Map<string, Content | null>): void;
}

/**
 * Reads generations from the records of a checkpoint log, in order. A record of a value counts once a
 * manifest confirms its attempt: the one of the attempt, or a later one that builds on it.
 */
export class GenerationReader {
  #contents = new Map<string, Content | null>(); // null: unknown, a patch did not fit
  #pending: Pending[] = [];
  /** The newest generation so far. */
  newest: Found | null = null;
  /** The one before it. */
  older: Found | null = null;
  /** Largest number of an attempt, saved or not. */
  lastAttempt = 0;
  /** Largest note. */
  noted = 0;

  /** Takes the next record. */
  take(seq: number, record: Uint8Array): void {
    const { entry, bytes } = decodeEntry(record);
    switch (entry.kind) {
      case "note":
        this.noted = Math.max(this.noted, entry.note);
        break;
      case "saved":
        this.#save(entry.manifest, seq);
        break;
      default: {
        const { kind, attempt, name, size, packed } = entry;
        const apply = (contents: Map<string, Content | null>): void => {
          const before = contents.get(name);
          const content = packed ? inflated(bytes, size) : new Uint8Array(bytes);
          const stored = record.length;
          if (content === null) contents.set(name, null);
          else if (kind === "whole") contents.set(name, { bytes: content, stored, from: seq });
          else contents.set(name, before ? patched(before, content, size) : null);
        };
        this.#pending.push({ attempt, apply });
        this.lastAttempt = Math.max(this.lastAttempt, attempt);
      }
    }
  }

  /** Intact values of the newest generation. O(bytes): verifies checksums. */
  values(): ReadValue[] {
    if (this.newest === null) return [];
    return this.newest.manifest.values.flatMap(([name, version, crc]) => {
      if (crc === null) {
        const from = Number.POSITIVE_INFINITY;
        return { name, version, crc, bytes: new Uint8Array(), stored: 0, from };
      }
      const content = this.#contents.get(name) ?? null;
      if (content === null || crc32(content.bytes) !== crc) return [];
      return { name, version, crc, ...content };
    });
  }

  #save(manifest: Manifest, seq: number): void {
    const { generation, base, note, values } = manifest;
    const confirmed = new Set([generation, base]);
    if (base === 0) this.#contents.clear();
    for (const { attempt, apply } of this.#pending) {
      if (confirmed.has(attempt)) apply(this.#contents);
    }
    this.#pending = [];
    const names = new Set(values.map(([name]) => name));
    for (const name of this.#contents.keys()) if (!names.has(name)) this.#contents.delete(name);
    let from = seq;
    for (const content of this.#contents.values()) from = Math.min(from, content?.from ?? seq);
    this.older = this.newest;
    this.newest = { manifest, from };
    this.lastAttempt = Math.max(this.lastAttempt, generation);
    this.noted = Math.max(this.noted, note);
  }
}

/** zlib takes no smaller chunks, bytes. */
const MIN_CHUNK = 64;

/** @param size Most bytes of the result, if it is intact. */
function inflated(bytes: Uint8Array, size: number): Uint8Array | null {
  try {
    // zlib keeps a chunk of 16 kB for each small value otherwise, and needs a second chunk after a full one
    return inflateRawSync(bytes, { chunkSize: Math.max(MIN_CHUNK, size + 1) });
  } catch {
    return null;
  }
}

function patched(before: Content, patch: Uint8Array, size: number): Content | null {
  try {
    return { ...before, bytes: applyPatch(before.bytes, patch, size) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A generation from its manifest and its intact values. */
export function generationOf(manifest: Manifest, values: readonly CheckpointValue[]): Generation {
  const intact = new Map(values.map((value) => [value.name, value]));
  const damaged = manifest.values.map(([name]) => name).filter((name) => !intact.has(name));
  return { number: manifest.generation, values: intact, damaged };
}
