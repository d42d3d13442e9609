import { basename, extname } from "node:path";

/** What rotation adds to a name: `.1`, `-20260131`, `.2026-01-31T12`. */
const ROTATION = /^[.-](\d[\dT:._-]*)$/;
const MAX_NUMBER_DIGITS = 5;

/**
 * The rotated versions of a file among the names of its folder, oldest first: `x.log.2` before `x.log.1`,
 * `x-20260130.log` before `x-20260131.log`. Excludes compressed files.
 *
 * @param path The file itself, which is excluded.
 */
export function rotatedNames(path: string, names: readonly string[]): string[] {
  const base = basename(path);
  const ending = extname(base);
  const stem = base.slice(0, base.length - ending.length);
  const found: { readonly name: string; readonly mark: string }[] = [];
  for (const name of names) {
    const mark = rotationOf(name, base, "") ?? rotationOf(name, stem, ending);
    if (mark !== null && name !== base) found.push({ name, mark });
  }
  return found.sort((a, b) => byAge(a.mark, b.mark)).map(({ name }) => name);
}

function rotationOf(name: string, start: string, end: string): string | null {
  if (!name.startsWith(start) || !name.endsWith(end)) return null;
  if (name.length < start.length + end.length) return null;
  return ROTATION.exec(name.slice(start.length, name.length - end.length))?.[1] ?? null;
}

/** Sort key. Numbers count rotations, so a larger one is older; dates come before all numbers. */
function byAge(a: string, b: string): number {
  const [first, second] = [numberOf(a), numberOf(b)];
  if (first !== null && second !== null) return second - first;
  if (first === null && second === null) return a < b ? -1 : 1;
  return first === null ? -1 : 1;
}

function numberOf(mark: string): number | null {
  return /^\d+$/.test(mark) && mark.length <= MAX_NUMBER_DIGITS ? Number(mark) : null;
}
