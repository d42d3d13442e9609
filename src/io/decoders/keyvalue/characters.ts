/**
 * Character classes of a line, by character code.
 *
 * @module
 */

const TAB = 9;
const SPACE = 32;
const COMMA = 44;
const SEMICOLON = 59;
const EQUALS = 61;
const BAR = 124;
const NO_BREAK_SPACE = 160;

export const QUOTE = 34;
export const COLON = 58;
export const RIGHT_ANGLE = 62;

/** Blank or tab, which may surround a separator. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** A character that ends a pair. */
export function isDelimiter(code: number): boolean {
  return code === COMMA || code === SEMICOLON || code === BAR || code === TAB;
}

/** A character between name and value. */
export function isSeparator(code: number): boolean {
  return code === COLON || code === EQUALS;
}

/** Blanks and control characters. */
export function isControl(code: number): boolean {
  return code <= SPACE || code === NO_BREAK_SPACE;
}

/** 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
