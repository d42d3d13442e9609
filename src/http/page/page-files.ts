import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PAGE_ICON, PAGE_STYLE } from "./page-style.ts";

/** A file of the page. */
interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

/** The files that the page loads. */
export interface PageFiles {
  /** Changes with any file, so that browsers can cache the files for ever. */
  readonly hash: string;
  /** By file name. */
  readonly files: ReadonlyMap<string, PageFile>;
}

const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

// a path of the package, because this module has different places in `src` and `dist`
const client = new URL(import.meta.resolve("#live-page-script"));

/** Reads the files that the page loads. */
export async function readPageFiles(): Promise<PageFiles> {
  const script = createRequire(import.meta.url).resolve("uplot/dist/uPlot.iife.min.js");
  const style = script.replace(/iife\.min\.js$/, "min.css");
  const files = new Map<string, PageFile>([
    ["page.css", { type: STYLE, content: Buffer.from(PAGE_STYLE) }],
    ["icon.svg", { type: "image/svg+xml", content: Buffer.from(PAGE_ICON) }],
    ["uplot.js", { type: SCRIPT, content: await readFile(script) }],
    ["uplot.css", { type: STYLE, content: await readFile(style) }],
    ["main.js", { type: SCRIPT, content: await readFile(client) }],
  ]);
  const hash = createHash("sha256");
  for (const { content } of files.values()) hash.update(content);
  return { hash: hash.digest("hex").slice(0, 16), files };
}
