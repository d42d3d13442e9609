import { SHARED_STYLE } from "../page/shared-style.ts";

/** Style of a report, light and dark. */
export const REPORT_STYLE = `${SHARED_STYLE}
main { display: grid; gap: 0.9rem; grid-template-columns: minmax(0, 1fr); }
header { position: sticky; top: 0; z-index: 3; background: var(--page); }
header nav { display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: baseline; font-size: 0.875rem; }
section { scroll-margin-top: 3.2rem; }
h3 { margin: 0.9rem 0 0.3rem; font-size: 0.9375rem; font-weight: 650; overflow-wrap: anywhere; }
.panel > p { margin: 0.5rem 0; }
.advice { border-left: 3px solid var(--warning); padding-left: 0.7rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0.6rem 1.2rem; margin: 0.75rem 0 0; }
.facts dt { font-size: 0.8125rem; color: var(--soft-text); }
.facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.facts dd small { display: block; }
.table { overflow-x: auto; margin-top: 0.5rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 650; padding: 0.4rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.8rem 0.35rem 0; border-top: 1px solid var(--edge); }
th { font-weight: 600; white-space: nowrap; border-top: 0; }
td { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; }
td.time { white-space: nowrap; }
th button { padding: 0; border: 0; background: none; font-weight: 600; white-space: nowrap; }
th button::after { content: " \\2195"; color: var(--soft-text); }
th[aria-sort=ascending] button::after { content: " \\2191"; color: inherit; }
th[aria-sort=descending] button::after { content: " \\2193"; color: inherit; }
tr.chosen td { background: var(--chosen); }
.why { min-width: 18rem; }
.why summary { cursor: pointer; }
.tools { display: flex; flex-wrap: wrap; gap: 0.4rem 0.9rem; align-items: center; margin: 0.6rem 0; }
.tools label { display: flex; gap: 0.4rem; align-items: center; }
.tools input[type=search] { width: 16rem; }
.tools button { padding: 0.25rem 0.7rem; }
.tools input[type=checkbox] { accent-color: var(--accent); margin: 0; }
select { font: inherit; color: inherit; max-width: 24rem; padding: 0.3rem 0.5rem; background: var(--page); border: 1px solid var(--edge);
  border-radius: 6px; }
.plots { border-radius: 6px; padding: 2px; }
.plots .u-select { background: var(--accent); opacity: 0.25; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.8125rem; color: var(--soft-text); }
.legend span::before { content: ""; display: inline-block; width: 0.9em; height: 0.7em; margin-right: 0.4em; }
.legend .usual::before { background: var(--usual); outline: 1px solid var(--ok); }
.legend .labelled::before { background: var(--label); }
.legend .alarm::before { height: 0; border-top: 2px dashed var(--critical); vertical-align: 0.25em; }
.legend .alert::before { background: var(--warning); }
.fleet { display: grid; gap: 2px; max-height: 22rem; overflow-y: auto; margin-top: 0.6rem; padding: 2px; }
.fleet button { display: grid; grid-template-columns: 11rem 5.5rem minmax(0, 1fr); gap: 0 0.8rem; align-items: center; text-align: left;
  padding: 0.15rem 0.5rem; border-color: transparent; background: none; border-radius: 4px; }
.fleet button:hover { background: var(--page); }
.fleet button[aria-pressed=true] { background: var(--chosen); box-shadow: inset 3px 0 var(--accent); }
.fleet strong { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
.fleet canvas { width: 100%; height: 1.1rem; }
.bars { display: flex; align-items: flex-end; gap: 1px; height: 7.5rem; margin-top: 0.5rem; border-bottom: 1px solid var(--edge); }
.bars span { flex: 1; min-width: 0; background: var(--line-1); }
.bars span.above { background: var(--critical); }
.scale { display: flex; justify-content: space-between; font-size: 0.8125rem; color: var(--soft-text); }
@media (max-width: 45rem) {
  header { position: static; }
  .fleet button { grid-template-columns: minmax(0, 1fr) auto; }
  .fleet canvas { grid-column: 1 / -1; }
}
@media print { header nav, .tools { display: none; } header { position: static; } }
`;
