/** A place in a source file. */
interface Place {
  readonly start: { readonly line: number; readonly column: number };
}

/** Items of one kind by index, in the order of the source. */
type Places = Readonly<Record<string, Place>>;
type Locations = Readonly<Record<string, { readonly loc: Place }>>;

/** Counts of one file in the format of istanbul. */
export interface IstanbulCounts {
  readonly statementMap: Places;
  readonly s: Record<string, number>;
  readonly fnMap: Locations;
  readonly f: Record<string, number>;
  readonly branchMap: Locations;
  /** One count per arm. */
  readonly b: Record<string, number[]>;
}

/**
 * Adds counts of the same source file, compiled by another compiler. The lines are the same, but one
 * compiler may omit unused code, turn a class into a statement, or report other columns. Adds only what
 * both have: too few counts are better than wrong ones.
 */
export function addCounts(to: IstanbulCounts, from: IstanbulCounts): void {
  for (const [own, other] of pairs(to.statementMap, from.statementMap)) {
    to.s[own] = (to.s[own] ?? 0) + (from.s[other] ?? 0);
  }
  for (const [own, other] of pairs(placesOf(to.fnMap), placesOf(from.fnMap))) {
    to.f[own] = (to.f[own] ?? 0) + (from.f[other] ?? 0);
  }
  for (const [own, other] of pairs(placesOf(to.branchMap), placesOf(from.branchMap))) {
    const [arms, added] = [to.b[own] ?? [], from.b[other] ?? []];
    if (arms.length !== added.length) continue; // one compiler added an arm
    to.b[own] = arms.map((count, arm) => count + (added[arm] ?? 0));
  }
}

/** Matches items by order in lines with equal numbers of them, else by column. */
function* pairs(to: Places, from: Places): Iterable<[own: string, other: string]> {
  const others = byLine(from);
  for (const [line, own] of byLine(to)) {
    const candidates = others.get(line) ?? [];
    for (const [i, index] of own.entries()) {
      const isSame = (other: string): boolean =>
        from[other]?.start.column === to[index]?.start.column;
      const other = candidates.length === own.length ? candidates[i] : candidates.find(isSame);
      if (other !== undefined) yield [index, other];
    }
  }
}

function byLine(places: Places): Map<number, string[]> {
  const lines = new Map<number, string[]>();
  for (const [index, { start }] of Object.entries(places)) {
    const line = lines.get(start.line);
    if (line === undefined) lines.set(start.line, [index]);
    else line.push(index);
  }
  return lines;
}

const placesOf = (locations: Locations): Places =>
  Object.fromEntries(Object.entries(locations).map(([index, { loc }]) => [index, loc]));
