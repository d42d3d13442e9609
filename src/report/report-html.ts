import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Html, html } from "../page/html.ts";
import type { ReportData } from "./data/report-data.ts";
import { REPORT_STYLE } from "./report-style.ts";

// always the bundled file: browsers do not read TypeScript
const client = new URL(import.meta.resolve("#report-script"));

/** A report as one file. Its policy forbids to load anything else. */
export async function reportHtml(data: ReportData, title: string): Promise<string> {
  const library = createRequire(import.meta.url).resolve("uplot/dist/uPlot.iife.min.js");
  const scripts = [await readFile(library, "utf8"), await readFile(client, "utf8")];
  const libraryStyle = await readFile(library.replace(/iife\.min\.js$/, "min.css"), "utf8");
  const style = libraryStyle + REPORT_STYLE;
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(" ")}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#alerts">Skip to the alerts</a>
<header>
<h1 id="title">${title}</h1>
<nav id="elsewhere" aria-label="Parts of the report"></nav>
</header>
<noscript><p class="notice">This report needs JavaScript. Its script is in this file; it loads nothing else.</p></noscript>
<main id="content"></main>
<script type="application/json" id="data">${new Html(scriptSafe(data))}</script>
${scripts.map((script) => new Html(`<script>${script}</script>\n`))}</body>
</html>
`.text;
}

/** JSON whose texts can't close the script element. */
function scriptSafe(data: ReportData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

/** The hash of a text for a content security policy. */
function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
