import { stripVTControlCharacters } from "node:util";

/**
 * Breaks a text between words so that no line is wider than `width`. A longer word stays whole, and a `·`
 * stays with the word before it. Colours have no width; every other character is one column.
 *
 * @param width Columns; Infinity: one line.
 * @param indent Text before every line but the first.
 */
export function wrapText(text: string, width: number, indent = ""): string {
  if (width === Number.POSITIVE_INFINITY) return text;
  const [first = "", ...words] = text.split(/(?<=\S) +(?=[^·\s])/);
  const lines: string[] = [];
  let line = first;
  let used = columns(first);
  for (const word of words) {
    const size = columns(word);
    if (used + 1 + size > width) {
      lines.push(line);
      line = indent + word;
      used = indent.length + size;
    } else {
      line += ` ${word}`;
      used += 1 + size;
    }
  }
  return [...lines, line].join("\n");
}

function columns(text: string): number {
  return stripVTControlCharacters(text).length;
}
