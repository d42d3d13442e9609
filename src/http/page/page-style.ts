/** The icon: a line with a peak. */
export const PAGE_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0a66c2"/>
<path d="M4 20h7l3-12 5 17 3-8h6" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"/>
</svg>
`;

/** Style of the page, light and dark. Its colours are also those of the charts. */
export const PAGE_STYLE = `
:root { color-scheme: light dark;
  --page: #f5f6f8; --panel: #fff; --text: #1a1d21; --soft-text: #59616b; --edge: #d6dae0; --grid: #e8ebef;
  --accent: #0a66c2; --chosen: #e5f0fb; --ok: #14733b; --warming: #59616b; --info: #0a66c2;
  --warning: #925400; --critical: #c0182b;
  --line-1: #0a66c2; --line-2: #92278f; --line-3: #14733b; --line-4: #925400; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14171b; --panel: #1c2026; --text: #e6e9ed; --soft-text: #a0a9b4; --edge: #353b44; --grid: #2a3038;
  --accent: #6cb6ff; --chosen: #1d3350; --ok: #5fd08a; --warming: #a0a9b4; --info: #6cb6ff;
  --warning: #f0b35a; --critical: #ff7b83;
  --line-1: #6cb6ff; --line-2: #e39ae0; --line-3: #5fd08a; --line-4: #f0b35a; } }
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
#link[data-link=live]::before { color: var(--ok); }
#link[data-link=lost] { color: var(--critical); font-weight: 600; }
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
.tabs { display: flex; gap: 0.5rem; overflow-x: auto; padding: 3px 3px 0.75rem; margin: 0 -3px; }
.tabs button { flex: none; display: grid; gap: 0.1rem; max-width: 26rem; text-align: left; padding: 0.5rem 0.8rem; }
.tabs button[aria-pressed=true] { border-color: var(--accent); background: var(--chosen); }
.tabs strong { overflow: hidden; text-overflow: ellipsis; }
.states { display: flex; flex-wrap: wrap; gap: 0 0.8rem; }
.board { display: grid; gap: 0.75rem; align-items: start; grid-template-columns: 17rem minmax(0, 1fr) 22rem; }
.list { display: grid; gap: 0.4rem; }
.list p { margin: 0; }
.sensors { position: relative; overflow-y: auto; max-height: calc(100vh - 15rem); min-height: 8rem; margin: 0 -0.5rem; padding: 2px; }
.sensors > * { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 0.5rem; padding: 0.35rem 0.5rem; border-radius: 6px;
  cursor: pointer; content-visibility: auto; contain-intrinsic-size: auto 3.2rem; }
.sensors > :hover { background: var(--page); }
.sensors > [aria-selected=true] { background: var(--chosen); box-shadow: inset 3px 0 var(--accent); }
.sensors > :focus-visible { outline-offset: -2px; }
.sensors strong, .sensors small { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.sensors strong { font-weight: 600; }
.sensors small { grid-column: 1 / -1; }
.sensor .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.9rem; min-height: 1.6rem; }
.values { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.75rem 0; padding: 0; border: 0; min-width: 0; }
.values label { display: flex; align-items: center; gap: 0.4rem; max-width: 100%; padding: 0.25rem 0.6rem; border: 1px solid var(--edge);
  border-radius: 6px; cursor: pointer; }
.values label:has(:checked) { background: var(--chosen); }
.values span { overflow: hidden; text-overflow: ellipsis; }
.values input { accent-color: var(--accent); margin: 0; }
figure { margin: 0.75rem 0 0; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; font-size: 0.8125rem; }
figcaption small { margin-left: auto; }
figcaption strong { font-variant-numeric: tabular-nums; }
.key { display: inline-block; width: 0.9em; height: 0.2em; margin-right: 0.4em; vertical-align: 0.25em; background: var(--line-1); }
.key.line-2 { background: var(--line-2); }
.key.line-3 { background: var(--line-3); }
.key.line-4 { background: var(--line-4); }
.alerts { list-style: none; margin: 0.5rem 0 0; padding: 0; overflow-wrap: anywhere; }
.alerts li { padding: 0.6rem 0; border-top: 1px solid var(--edge); }
.alerts p { margin: 0 0 0.2rem; }
.alerts summary { cursor: pointer; }
.alerts .over .state { font-weight: 400; }
.alerts .over summary { color: var(--soft-text); }
.alerts details > p { margin: 0.4rem 0 0.2rem; }
.reasons { margin: 0.4rem 0 0.2rem; padding-left: 1.2rem; font-size: 0.875rem; }
.alerts .reasons li { padding: 0.1rem 0; border: 0; }
.notice, .token { max-width: 28rem; margin: 2rem auto; }
.token { display: grid; gap: 0.6rem; padding: 1.25rem; background: var(--panel); border: 1px solid var(--edge); border-radius: 8px; }
.token p { margin: 0; }
.token .wrong { color: var(--critical); }
.token button { justify-self: start; background: var(--accent); border-color: var(--accent); color: var(--panel); }
@media (max-width: 75rem) { .board { grid-template-columns: 16rem minmax(0, 1fr); } .board > :last-child { grid-column: 2; } }
@media (max-width: 45rem) {
  body { padding: 0 0.6rem 2rem; }
  .board { grid-template-columns: minmax(0, 1fr); }
  .board > :last-child { grid-column: 1; }
  .sensors { max-height: 13rem; }
}
@media (prefers-reduced-motion: no-preference) { .tabs button, .sensors > * { transition: background 0.1s; } }
`;
