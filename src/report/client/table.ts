import { element } from "../../page/client/dom.ts";

/** Contents of a table cell. */
export type Cell = Node | string | number;

/** A table that scrolls sideways, also by keyboard. Columns of numbers are right-aligned. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
): HTMLElement {
  const isNumber = heads.map((_, i) => rows.every((row) => typeof row[i] === "number"));
  const kind = (i: number) => (isNumber[i] ? { class: "number" } : {});
  return scrolled(
    caption,
    element(
      "table",
      {},
      element("caption", {}, caption),
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...heads.map((head, i) => element("th", { scope: "col", ...kind(i) }, head)),
        ),
      ),
      element(
        "tbody",
        {},
        ...rows.map((row) => element("tr", {}, ...row.map((cell, i) => tableCell(cell, kind(i))))),
      ),
    ),
  );
}

/** Wraps content that may be wider than the page. */
export function scrolled(label: string, content: HTMLElement): HTMLElement {
  return element(
    "div",
    { class: "table", role: "region", "aria-label": label, tabindex: "0" },
    content,
  );
}

function tableCell(cell: Cell, attributes: Readonly<Record<string, string>>): HTMLElement {
  return element("td", attributes, typeof cell === "number" ? cell.toLocaleString() : cell);
}
