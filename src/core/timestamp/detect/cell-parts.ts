/** A part of a cell: a number, a word, a blank or one other character. */
export interface Part {
  readonly text: string;
  readonly kind: "number" | "word" | "blank" | "other";
  /** What a format has in its place; null: not known yet. */
  letter: string | null;
}

const PART = /(\d+)|(\p{L}+)|([\s\u00a0\u202f]+)|(.)/gsu;

/** Characters that timestamps have between their parts. */
const SEPARATORS = new Set("/-.,:;_+()[]'\u2212");

/** The parts of a cell; null if it has a character that no timestamp has. */
export function splitCell(cell: string): Part[] | null {
  const parts: Part[] = [];
  for (const [text, number, word, blank] of cell.normalize("NFC").matchAll(PART)) {
    if (number !== undefined) parts.push({ text, kind: "number", letter: null });
    else if (word !== undefined) parts.push({ text, kind: "word", letter: null });
    else if (blank !== undefined) parts.push({ text: " ", kind: "blank", letter: null });
    else if (SEPARATORS.has(text)) parts.push({ text, kind: "other", letter: null });
    else return null;
  }
  return parts;
}

/** Number of digits of a part; 0 for other parts. */
export function digitsOf(part: Part | undefined): number {
  return part?.kind === "number" ? part.text.length : 0;
}

/** The index after a blank, if there is one. */
export function afterBlank(parts: readonly Part[], at: number): number {
  return parts[at]?.kind === "blank" ? at + 1 : at;
}
