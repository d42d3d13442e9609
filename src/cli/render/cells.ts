import { eastAsianWidth } from "get-east-asian-width";
import { printable } from "./format.ts";

/** Turn the direction of writing, choose between forms of a character, or end a line in some terminals. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|\p{Variation_Selector}/gu;
const COMBINING = /^[\p{Mn}\p{Me}]$/u;

/** Text of an input that can't break a line of a table: no control characters, nothing that turns or joins. */
export function plainCells(text: string): string {
  return printable(text).replace(UNSEEN, "\u{FFFD}");
}

/** Columns of a terminal that a text without colours takes. */
export function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** A text without colours in exactly `width` columns: cut ones end with `…`, others are filled up. */
export function fitCells(text: string, width: number): string {
  const cut = cutCells(text, width);
  return cut + " ".repeat(Math.max(0, width - cellWidth(cut)));
}

/** A text without colours in at most `width` columns: cut ones end with `…`. */
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
