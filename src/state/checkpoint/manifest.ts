import { seal, unseal } from "./sealed.ts";

/** Where the value of a name lies, and its version. */
export interface ManifestEntry {
  readonly version: number;
  /** Key of the stored value. */
  readonly key: string;
}

/** One generation: which names there are, and where their values lie. */
export interface Manifest {
  readonly generation: number;
  readonly entries: ReadonlyMap<string, ManifestEntry>;
}

/** Keys below which manifests are stored. */
export const MANIFEST_RANGE = { gte: "g/", lt: "g0" } as const;
/** Keys below which values are stored. */
export const VALUE_RANGE = { gte: "v/", lt: "v0" } as const;

const digits = (generation: number): string => String(generation).padStart(16, "0");

/** Key of a generation's manifest. */
export function manifestKey(generation: number): string {
  return `g/${digits(generation)}`;
}

/** Key of the `index`-th value that is written with a generation. */
export function valueKey(generation: number, index: number): string {
  return `v/${digits(generation)}/${index}`;
}

/** Keys of the values that were written with generations after one. */
export function valuesAfter(generation: number): { readonly gte: string; readonly lt: string } {
  return { ...VALUE_RANGE, gte: `v/${digits(generation + 1)}/` };
}

/** Generation of a manifest's key; NaN for another key. */
export function generationOf(key: string): number {
  return Number(/^g\/(\d{16})$/.exec(key)?.[1] ?? Number.NaN);
}

/** Bytes of a manifest. */
export function encodeManifest({ generation, entries }: Manifest): Uint8Array {
  const list = [...entries].map(([name, { version, key }]) => [name, version, key]);
  return seal(manifestKey(generation), Buffer.from(JSON.stringify(list)));
}

/** A manifest read back; null when it is damaged. */
export function decodeManifest(generation: number, sealed: Uint8Array): Manifest | null {
  const bytes = unseal(manifestKey(generation), sealed);
  if (bytes === null) return null;
  const list = JSON.parse(Buffer.from(bytes).toString()) as [string, number, string][];
  return {
    generation,
    entries: new Map(list.map(([name, version, key]) => [name, { version, key }])),
  };
}
