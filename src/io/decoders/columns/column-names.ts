import type { Remark } from "../input-profile.ts";
import { cleanCell } from "../rows/cell.ts";

/** Names of the columns, and remarks on changed names. */
export interface ColumnNames {
  readonly names: readonly string[];
  readonly remarks: readonly Remark[];
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
  const remarks: Remark[] = [];
  const written = Array.from({ length: count }, (_, i) => {
    const name = cleanCell(header?.[i] ?? "");
    return name === "" ? `column_${i + 1}` : name;
  });
  const unique = distinguish(written, remarks);
  const renamed = unique.map((name) => (Object.hasOwn(rename, name) ? `${rename[name]}` : name));
  return { names: distinguish(renamed, remarks), remarks };
}

function distinguish(names: readonly string[], remarks: Remark[]): string[] {
  const taken = new Set<string>();
  const reserved = new Set(names);
  return names.map((name) => {
    let unique = name;
    for (let n = 2; taken.has(unique) || (unique !== name && reserved.has(unique)); n++) {
      unique = `${name}_${n}`;
    }
    if (unique !== name) {
      const text = `column "${name}" occurs twice: the later one is now "${unique}"`;
      remarks.push({ topic: "format", text });
    }
    taken.add(unique);
    return unique;
  });
}
