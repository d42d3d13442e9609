import { randomInt } from "node:crypto";

/** Maximum number of levels of lists and objects inside each other. */
const MAX_DEPTH = 64;
/** Maximum number of different names in a body. */
const MAX_NAMES = 10_000;
/** Number of characters of a body that cannot have too many names to be read in some milliseconds. */
const SMALL = 65_536;

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
const SPACE = 32;
const PRIME = 0x01000193;
const SLOTS = 2 ** 16;
/** Unknown to clients, so that they cannot choose names with equal hashes. */
const SEED = randomInt(2 ** 32);

/**
 * Why a JSON text must not be parsed; null if it may be. The parser is slow for names that it has not seen before
 * (about 2 us each), so a text with many different names would occupy the server for seconds. O(characters), some
 * ns each, and nothing for a small text.
 */
export function faultOfNames(text: string): string | null {
  return text.length > SMALL && hasManyNames(text)
    ? `at most ${MAX_NAMES} different names are allowed`
    : null;
}

/** Counts hashes, which are at most as many as the names. */
function hasManyNames(text: string): boolean {
  const seen = new Uint8Array(SLOTS);
  let count = 0;
  for (let start = text.indexOf('"'); start >= 0; ) {
    const end = endOfString(text, start + 1);
    let next = end + 1;
    while (text.charCodeAt(next) <= SPACE) next += 1;
    if (text.charCodeAt(next) === COLON) {
      const slot = slotOf(text, start + 1, end);
      if (seen[slot] === 0) count += 1;
      if (count > MAX_NAMES) return true;
      seen[slot] = 1;
    }
    start = text.indexOf('"', next);
  }
  return false;
}

/** Position of the quote that ends a string; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let i = start;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) break;
    i += code === BACKSLASH ? 2 : 1;
  }
  return i;
}

function slotOf(text: string, start: number, end: number): number {
  let hash = SEED;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}

/**
 * Why a parsed value must not be used; null if it may be: functions that call themselves for each level would
 * exhaust the stack. O(values).
 */
export function faultOfDepth(value: unknown): string | null {
  return isDeeper(value, MAX_DEPTH)
    ? `lists and objects must be nested at most ${MAX_DEPTH} levels deep`
    : null;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeper(item, levels - 1));
  for (const name in value) {
    if (isDeeper((value as Readonly<Record<string, unknown>>)[name], levels - 1)) return true;
  }
  return false;
}
