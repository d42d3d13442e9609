import { cleanCell } from "./cell.ts";

/**
 * Whether a record is the header once more, as where files were joined.
 *
 * @param header Names, as `cleanCell` gives them.
 */
export function repeatsHeader(
  cells: readonly (string | number)[],
  header: readonly string[],
): boolean {
  return header.every((name, i) => name === cleanCell(String(cells[i] ?? "")));
}
