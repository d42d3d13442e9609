import { describe, expect, it } from "vitest";
import { docsTables, withTables } from "../support/docs-tables.ts";
import { PAGES, ROOT, readPage } from "../support/markdown.ts";

const pages = PAGES.filter((page) => readPage(page).includes("<!-- table: "));

describe("tables of registries", () => {
  // after a change: npm run docs:tables
  it.each(pages)("show what the registries have in %s", async (page) => {
    await expect(withTables(readPage(page))).toMatchFileSnapshot(`${ROOT}/${page}`);
  });

  it("are all in a page", () => {
    const all = pages.map(readPage).join("");
    for (const name of Object.keys(docsTables)) expect(all).toContain(`<!-- table: ${name} -->`);
  });
});
