/** Style of the documentation page, light and dark. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0a66c2; }
@media (prefers-color-scheme: dark) { :root { --accent: #6cb6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.25rem 4rem; font: 1rem/1.5 system-ui, sans-serif;
  background: Canvas; color: CanvasText; }
h1 { font-size: 1.6rem; margin: 0.5rem 0; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; font-weight: 600; }
h4 { font-size: 0.9rem; margin: 1rem 0 0.25rem; }
a { color: var(--accent); }
code, pre { font: 0.875em/1.45 ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem;
  overflow-x: auto; margin: 0.5rem 0; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; padding: 0.5rem 0.75rem; }
summary { cursor: pointer; }
summary h3 { display: inline; }
.method { display: inline-block; min-width: 4.2em; font-weight: 700; color: var(--accent); }
.tables { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-top: 1px solid var(--line); }
th { border-top: 0; font-weight: 600; }
nav ul { columns: 2; padding-left: 1.2rem; margin: 0.25rem 0; font-size: 0.9rem; }
@media (max-width: 40rem) { nav ul { columns: 1; } }
`;
