/** Interns key names (sensor ids) as small integers, in order of first appearance. */
export class KeyTable {
  readonly #codes = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #capacity: number;

  /** @param capacity Maximum number of keys; a new key above it gets no code. */
  constructor(capacity = Number.POSITIVE_INFINITY) {
    this.#capacity = capacity;
  }

  /** Keys interned so far. */
  get size(): number {
    return this.#names.length;
  }

  /** Maximum number of keys. */
  get capacity(): number {
    return this.#capacity;
  }

  /** All names, by code. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Code of `name`; interns a new name. -1 if the table is full. O(1). */
  intern(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    if (this.#names.length >= this.#capacity) return -1;
    const code = this.#names.length;
    this.#codes.set(name, code);
    this.#names.push(name);
    return code;
  }

  /** Code of `name`, or -1 if it was not interned. O(1). */
  find(name: string): number {
    return this.#codes.get(name) ?? -1;
  }

  /**
   * Name with this code.
   *
   * @throws {RangeError} If no key has this code.
   */
  name(code: number): string {
    const name = this.#names[code];
    if (name === undefined) throw new RangeError(`No key has code ${code}`);
    return name;
  }
}
