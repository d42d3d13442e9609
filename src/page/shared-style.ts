/** Colours by theme, for the style and for charts. */
const LIGHT = `
  --page: #f5f6f8; --panel: #fff; --text: #1a1d21; --soft-text: #59616b; --edge: #d6dae0; --grid: #e8ebef;
  --accent: #0a66c2; --chosen: #e5f0fb; --ok: #14733b; --warming: #59616b; --info: #0a66c2;
  --warning: #925400; --critical: #c0182b; --label: #7a3ea1; --usual: #14733b24;
  --line-1: #0a66c2; --line-2: #92278f; --line-3: #14733b; --line-4: #925400;`;
const DARK = `
  --page: #14171b; --panel: #1c2026; --text: #e6e9ed; --soft-text: #a0a9b4; --edge: #353b44; --grid: #2a3038;
  --accent: #6cb6ff; --chosen: #1d3350; --ok: #5fd08a; --warming: #a0a9b4; --info: #6cb6ff;
  --warning: #f0b35a; --critical: #ff7b83; --label: #c792ea; --usual: #5fd08a2e;
  --line-1: #6cb6ff; --line-2: #e39ae0; --line-3: #5fd08a; --line-4: #f0b35a;`;

/**
 * The style of all pages. Light or dark like the visitor's system, unless `data-theme` of the root is set to
 * `light` or `dark`.
 */
export const SHARED_STYLE = `
:root { color-scheme: light dark;${LIGHT} }
@media (prefers-color-scheme: dark) { :root {${DARK} } }
:root[data-theme=light] { color-scheme: light;${LIGHT} }
:root[data-theme=dark] { color-scheme: dark;${DARK} }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 90rem; padding: 0 1rem 2rem; font: 0.9375rem/1.45 system-ui, sans-serif;
  background: var(--page); color: var(--text); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; z-index: 2; padding: 0.25rem 0.75rem; background: var(--panel); }
a { color: var(--accent); }
h1, h2 { margin: 0; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.25rem; }
h2 { font-size: 1.05rem; }
small, .soft { font-size: 0.8125rem; color: var(--soft-text); font-weight: 400; }
code, pre { font: 0.8125rem/1.5 ui-monospace, monospace; }
pre { margin: 0.75rem 0; padding: 0.75rem; overflow-x: auto; background: var(--page); border: 1px solid var(--edge); border-radius: 6px; }
button, input { font: inherit; color: inherit; }
input[type=search], input[type=password] { width: 100%; padding: 0.4rem 0.6rem; background: var(--page);
  border: 1px solid var(--edge); border-radius: 6px; }
button { padding: 0.4rem 0.9rem; border: 1px solid var(--edge); border-radius: 6px; background: var(--panel); cursor: pointer; }
button.plain { padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline; text-underline-offset: 2px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1.25rem; padding: 0.75rem 0; }
header p { margin: 0; font-size: 0.8125rem; color: var(--soft-text); }
header nav { margin-left: auto; }
#link::before, .state::before { content: ""; display: inline-block; width: 0.55em; height: 0.55em; margin-right: 0.4em;
  border-radius: 50%; background: currentColor; vertical-align: 0.06em; }
.state { font-size: 0.8125rem; font-weight: 600; white-space: nowrap; color: var(--soft-text); }
.state[data-state=ok] { color: var(--ok); font-weight: 400; }
.state[data-state=warming], .state[data-state=idle] { font-weight: 400; }
.state[data-state=warming]::before, .state[data-state=idle]::before { background: none; box-shadow: inset 0 0 0 2px; }
.state[data-state=info] { color: var(--info); }
.state[data-state=warning] { color: var(--warning); }
.state[data-state=critical] { color: var(--critical); }
.state[data-state=anomalous] { color: var(--warning); }
.state[data-state=warning]::before, .state[data-state=critical]::before { border-radius: 0; clip-path: polygon(50% 0, 100% 100%, 0 100%);
  width: 0.75em; height: 0.7em; }
.panel { background: var(--panel); border: 1px solid var(--edge); border-radius: 8px; padding: 0.9rem 1rem; min-width: 0; }
figure { margin: 0.75rem 0 0; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; font-size: 0.8125rem; }
figcaption small { margin-left: auto; }
figcaption strong { font-variant-numeric: tabular-nums; }
.key { display: inline-block; width: 0.9em; height: 0.2em; margin-right: 0.4em; vertical-align: 0.25em; background: var(--line-1); }
.key.line-2 { background: var(--line-2); }
.key.line-3 { background: var(--line-3); }
.key.line-4 { background: var(--line-4); }
.reasons { margin: 0.4rem 0 0.2rem; padding-left: 1.2rem; font-size: 0.875rem; }
`;
