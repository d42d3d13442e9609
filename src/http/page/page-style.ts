import { SHARED_STYLE } from "../../page/shared-style.ts";

/** The icon: a line with a peak. */
export const PAGE_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0a66c2"/>
<path d="M4 20h7l3-12 5 17 3-8h6" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"/>
</svg>
`;

/** Style of the page, light and dark. */
export const PAGE_STYLE = `${SHARED_STYLE}
#link[data-link=live]::before { color: var(--ok); }
#link[data-link=lost] { color: var(--critical); font-weight: 600; }
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
.alerts { list-style: none; margin: 0.5rem 0 0; padding: 0; overflow-wrap: anywhere; }
.alerts li { padding: 0.6rem 0; border-top: 1px solid var(--edge); }
.alerts p { margin: 0 0 0.2rem; }
.alerts summary { cursor: pointer; }
.alerts .over .state { font-weight: 400; }
.alerts .over summary { color: var(--soft-text); }
.alerts details > p { margin: 0.4rem 0 0.2rem; }
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
