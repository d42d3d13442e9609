import { cleanCell } from "../rows/cell.ts";

/** Names of the columns, and notes on changed names. */
export interface ColumnNames {
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Gives each column a unique name: nameless columns become `column_1`, `column_2` ... by position, and the second
 * `x` becomes `x_2`.
 *
 * @param header Cells of the header; null: no header.
 * @param count Number of columns.
 * @param rename New names of columns of the input.
 */
export function nameColumns(
  header: readonly string[] | null,
  count: number,
  rename: Readonly<Record<string, string>>,
): ColumnNames {
  const notes: string[] = [];
  const written = Array.from({ length: count }, (_, i) => {
    const name = cleanCell(header?.[i] ?? "");
    return name === "" ? `column_${i + 1}` : name;
  });
  const unique = distinguish(written, notes);
  const renamed = unique.map((name) => (Object.hasOwn(rename, name) ? `${rename[name]}` : name));
  return { names: distinguish(renamed, notes), notes };
}

function distinguish(names: readonly string[], notes: string[]): string[] {
  const taken = new Set<string>();
  const reserved = new Set(names);
  return names.map((name) => {
    let unique = name;
    for (let n = 2; taken.has(unique) || (unique !== name && reserved.has(unique)); n++) {
      unique = `${name}_${n}`;
    }
    if (unique !== name)
      notes.push(`column "${name}" occurs twice: the later one is now "${unique}"`);
    taken.add(unique);
    return unique;
  });
}
