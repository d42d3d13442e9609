import { html } from "../../page/html.ts";

/**
 * The empty page; its script fills it.
 *
 * @param folder Relative path of its files, `page/<hash>/`: a proxy may serve the page under a prefix.
 */
export function pageHtml(folder: string, version: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>iotmon</title>
<link rel="icon" href="${folder}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${folder}uplot.css">
<link rel="stylesheet" href="${folder}page.css">
<script src="${folder}uplot.js" defer></script>
<script src="${folder}main.js" defer></script>
</head>
<body>
<a class="skip" href="#sensor">Skip to the sensor</a>
<header>
<h1>iotmon <small>${version}</small></h1>
<p id="link" role="status">Loading…</p>
<nav id="elsewhere" aria-label="Elsewhere"><a href="docs">API</a></nav>
</header>
<noscript><p class="notice">This page needs JavaScript. The same data is in the <a href="docs">API</a>.</p></noscript>
<p id="news" class="unseen" aria-live="assertive"></p>
<main id="content"></main>
</body>
</html>
`.text;
}
