import { unseal } from "./sealed.ts";

/** One generation in a LevelDB: the key and the version of each value, by name. */
export interface LevelManifest {
  readonly generation: number;
  readonly entries: ReadonlyMap<string, { readonly version: number; readonly key: string }>;
}

/** Reads the manifest under a key; null if it is damaged or something else is there. */
export function decodeManifest(key: string, sealed: Uint8Array): LevelManifest | null {
  const generation = Number(/^g\/(\d{16})$/.exec(key)?.[1] ?? Number.NaN);
  const bytes = Number.isNaN(generation) ? null : unseal(key, sealed);
  if (bytes === null) return null;
  const list = JSON.parse(Buffer.from(bytes).toString()) as [string, number, string][];
  return {
    generation,
    entries: new Map(list.map(([name, version, key]) => [name, { version, key }])),
  };
}
