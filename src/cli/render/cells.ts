import { eastAsianWidth } from "get-east-asian-width";
import { printable } from "./format.ts";

/** Characters that change the writing direction or the form of others, or end a line in some terminals. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|\p{Variation_Selector}/gu;
const COMBINING = /^[\p{Mn}\p{Me}]$/u;

/** Replaces characters of an input text that could break a line of a table. */
export function plainCells(text: string): string {
  return printable(text).replace(UNSEEN, "\u{FFFD}");
}

/** Width of a text without colours, in columns of a terminal. */
export function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Cuts or pads a text without colours to exactly `width` columns; a cut text ends with `…`. */
export function fitCells(text: string, width: number): string {
  const cut = cutCells(text, width);
  return cut + " ".repeat(Math.max(0, width - cellWidth(cut)));
}

/** Cuts a text without colours to at most `width` columns; a cut text ends with `…`. */
export function cutCells(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  if (width <= 0) return "";
  let cut = "";
  let used = 1;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    cut += character;
  }
  return `${cut}…`;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  return COMBINING.test(character) ? 0 : eastAsianWidth(code);
}
