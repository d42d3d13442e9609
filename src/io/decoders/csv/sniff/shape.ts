/** The numbers of cells in the records of a sample. */
export interface Shape {
  /** Cells of the first record, usually the header. */
  readonly firstCells: number;
  /** Cells of the others. */
  readonly cells: number;
  /** Share of the others with this number, 0 to 1; 1 without others. */
  readonly share: number;
}

/** If a smaller share of records is like the first one, it is not the header. */
const MIN_SHARE_LIKE_FIRST = 0.1;

/**
 * The first record sets the number of cells, unless few others agree. Then R wrote the file (its header has no name for
 * the row numbers), or other lines precede the header.
 *
 * @param records Cells of at least one record.
 */
export function findShape(records: readonly (readonly string[])[]): Shape {
  const [first = [], ...others] = records;
  const agreeing = (cells: number): number =>
    others.length === 0 ? 1 : others.filter((record) => has(record, cells)).length / others.length;
  const like = agreeing(first.length);
  if (like >= MIN_SHARE_LIKE_FIRST) {
    return { firstCells: first.length, cells: first.length, share: like };
  }
  const cells = mostFrequent(others.map((record) => record.length));
  const firstCells = cells === first.length + 1 ? first.length : cells;
  return { firstCells, cells, share: agreeing(cells) };
}

/** Whether a record has a number of cells, or one more because of a delimiter at its end. */
function has(record: readonly string[], cells: number): boolean {
  if (record.length === cells) return true;
  return record.length === cells + 1 && record.at(-1)?.trim() === "";
}

function mostFrequent(counts: readonly number[]): number {
  const frequency = new Map<number, number>();
  let best = 0;
  for (const count of counts) {
    const times = (frequency.get(count) ?? 0) + 1;
    frequency.set(count, times);
    if (times > (frequency.get(best) ?? 0)) best = count;
  }
  return best;
}
