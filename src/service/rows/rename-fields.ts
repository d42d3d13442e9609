import type { RowObject } from "./read-columns.ts";

/** Renames fields to the pipeline's columns. A renamed field replaces one that has that name already. */
export function renameFields(
  rows: readonly RowObject[],
  rename: ReadonlyMap<string, string>,
): readonly RowObject[] {
  if (rename.size === 0) return rows;
  return rows.map((row) => {
    const renamed: [string, unknown][] = [];
    const others: [string, unknown][] = [];
    for (const [name, value] of Object.entries(row)) {
      const to = rename.get(name);
      if (to === undefined) others.push([name, value]);
      else renamed.push([to, value]);
    }
    return Object.fromEntries([...others, ...renamed]); // also __proto__ is a field of its own
  });
}
