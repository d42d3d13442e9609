import type { Signature } from "./patch.ts";

/** A value in the checkpoint log. */
export interface SavedValue {
  readonly version: number;
  /** CRC-32; null: a value without bytes. */
  readonly crc: number | null;
  /** Bytes of the record with the whole value that it builds on. */
  readonly stored: number;
  /** First record that it needs: the one with the whole value, or the manifest of a value without bytes. */
  readonly from: number;
  readonly signature: Signature;
}

/** A generation in the checkpoint log. */
export interface SavedGeneration {
  /** 0: none. */
  readonly number: number;
  readonly values: ReadonlyMap<string, SavedValue>;
  /** First record that it needs; Infinity: none. */
  readonly from: number;
}

/** The generation before the first one. */
export const NO_GENERATION: SavedGeneration = {
  number: 0,
  values: new Map(),
  from: Number.POSITIVE_INFINITY,
};

/** Bytes of the values of a generation, as they are stored whole. */
export function sizeOf({ values }: SavedGeneration): number {
  let bytes = 0;
  for (const { stored } of values.values()) bytes += stored;
  return bytes;
}
