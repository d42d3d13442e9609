import { KeyTable } from "../../core/key-table.ts";

/** The sensors of a pipeline in its order, for lines that are read before it has them. */
export class SensorNames {
  #of: KeyTable | null = null;
  #names = new KeyTable(0);

  /** A copy of the keys of a pipeline, which then takes further ones; the same as long as they are. */
  of(keys: KeyTable): KeyTable {
    if (this.#of === keys) return this.#names;
    this.#of = keys;
    this.#names = new KeyTable(keys.capacity);
    for (const name of keys.names) this.#names.intern(name);
    return this.#names;
  }
}
