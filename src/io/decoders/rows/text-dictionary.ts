const MAX_VALUES = 65_536;
/** Maximum number of characters of a text; longer ones are cut. */
export const MAX_TEXT_LENGTH = 1000;

/** Replaces new values when the dictionary is full. */
const OTHER = "…";

/** Codes the values of a text column as small integers. Bounded: 65,536 values of 1000 characters. */
export class TextDictionary {
  readonly #codes = new Map<string, number>();
  readonly #values: string[] = [];

  /** Distinct values by code; only grows. */
  get values(): readonly string[] {
    return this.#values;
  }

  /** Code of `text`; adds a new text if there is room, and shortens long ones. O(length). */
  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    if (text.length > MAX_TEXT_LENGTH) return this.code(text.slice(0, MAX_TEXT_LENGTH - 1) + OTHER);
    return this.#values.length < MAX_VALUES - 1 ? this.#add(text) : this.#other();
  }

  #other(): number {
    return this.#codes.get(OTHER) ?? this.#add(OTHER);
  }

  #add(text: string): number {
    const code = this.#values.length;
    const own = ownText(text);
    this.#codes.set(own, code);
    this.#values.push(own);
    return code;
  }
}

/** A copy of the text in its own memory: a slice would keep the whole line in memory. O(length). */
export function ownText(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
