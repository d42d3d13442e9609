import { cleanCell } from "./cell.ts";

/**
 * Whether a record repeats the header, as in joined files.
 *
 * @param header Names, as `cleanCell` gives them.
 */
export function repeatsHeader(
  cells: readonly (string | number)[],
  header: readonly string[],
): boolean {
  return header.every((name, i) => name === cleanCell(String(cells[i] ?? "")));
}
