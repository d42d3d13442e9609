import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";

/** A fenced block of a page. */
export interface CodeBlock {
  /** Path of the page from the root of the project, and line of the block's first line. */
  readonly at: string;
  /** Language after the fence; may be empty. */
  readonly language: string;
  readonly text: string;
}

/** Root of the project. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The pages that users read. */
export const PAGES: readonly string[] = globSync(
  ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md", "bench/README.md", "fixtures/*.md"],
  { cwd: ROOT },
).sort();

/** Text of a page. */
export function readPage(path: string): string {
  return readFileSync(`${ROOT}/${path}`, "utf8");
}

/** All fenced blocks of the pages, in order. */
export function codeBlocks(pages: readonly string[] = PAGES): CodeBlock[] {
  return pages.flatMap((path) => {
    const page = readPage(path);
    return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
      at: `${path}:${page.slice(0, match.index).split("\n").length + 1}`,
      language: match[1] ?? "",
      text: match[2] ?? "",
    }));
  });
}

/** The part of a page from a heading line to the next heading of that level. */
export function section(page: string, heading: string): string {
  const start = page.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`There is no heading "${heading}"`);
  const rank = heading.split(" ", 1)[0];
  const end = page.indexOf(`\n${rank} `, start + heading.length + 1);
  return page.slice(start, end < 0 ? undefined : end);
}

/** Rows of the tables in a text, without head and rule; cells trimmed, `\|` kept. */
export function tableRows(text: string): string[][] {
  const lines = text.split("\n");
  return lines.flatMap((line, i) => {
    if (!line.startsWith("|") || /^\|[-| ]+\|$/.test(line)) return [];
    if (/^\|[-| ]+\|$/.test(lines[i + 1] ?? "")) return [];
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    return [cells.map((cell) => cell.trim())];
  });
}
