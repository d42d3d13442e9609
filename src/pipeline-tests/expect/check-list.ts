import type { Path } from "../../config/document.ts";
import { type Difference, type Failure, failure } from "../failure.ts";
import { pairUp } from "../pair-up.ts";
import type { TestScore } from "../run/outcome.ts";

/** How entries of one section are held against what happened. */
export interface ListRules<Expected, Actual> {
  /** Where the list is written. */
  readonly path: Path;
  /** `alert`. */
  readonly noun: string;
  /** Empty when it is what was expected. */
  compare(expected: Expected, actual: Actual): readonly Difference[];
  /** Whether what differs like that may be what was meant. */
  isKin(differences: readonly Difference[]): boolean;
  /** Whether it has to be listed. */
  isListed(actual: Actual): boolean;
  showExpected(expected: Expected): string;
  showActual(actual: Actual): string;
  /** As an entry of the list. */
  write(actual: Actual): unknown;
  nearby(expected: Expected | null, actual: Actual | null): readonly TestScore[];
}

/** Entries of a section, against all that happened. */
export function checkList<Expected, Actual>(
  expected: readonly Expected[],
  actual: readonly Actual[],
  rules: ListRules<Expected, Actual>,
): Failure[] {
  const differences = expected.map((entry) => actual.map((one) => rules.compare(entry, one)));
  const at = (e: number, a: number): readonly Difference[] => differences[e]?.[a] ?? [];
  const pairs = pairUp(expected.length, actual.length, (e, a) => at(e, a).length === 0);
  const taken = new Set(pairs.filter((a) => a >= 0));
  const failures: Failure[] = [];
  for (const [e, entry] of expected.entries()) {
    if ((pairs[e] ?? -1) >= 0) continue;
    const free = actual.flatMap((one, a) =>
      taken.has(a) ? [] : [{ one, differences: at(e, a), a }],
    );
    const kin = free.filter((other) => rules.isKin(other.differences));
    const [nearest] = (kin.length > 0 ? kin : free).sort(
      (left, right) => left.differences.length - right.differences.length,
    );
    const isMeant = nearest !== undefined && kin.length > 0;
    if (isMeant) taken.add(nearest.a);
    failures.push(missing(entry, [...rules.path, e], nearest, isMeant, rules));
  }
  const surplus = actual.filter((one, a) => !taken.has(a) && rules.isListed(one));
  for (const [i, one] of surplus.entries()) {
    failures.push(
      failure({
        path: rules.path,
        message: `there is ${article(rules.noun)} that no entry expects`,
        actual: rules.showActual(one),
        nearby: rules.nearby(null, one),
        fixes: [{ path: [...rules.path, expected.length + i], value: rules.write(one) }],
      }),
    );
  }
  return failures;
}

function missing<Expected, Actual>(
  entry: Expected,
  path: Path,
  nearest: { readonly one: Actual; readonly differences: readonly Difference[] } | undefined,
  isMeant: boolean,
  rules: ListRules<Expected, Actual>,
): Failure {
  const differences = nearest?.differences ?? [];
  return failure({
    path,
    message: isMeant ? `the ${rules.noun} is not as expected` : `no ${rules.noun} like this came`,
    expected: rules.showExpected(entry),
    actual: nearest === undefined ? null : rules.showActual(nearest.one),
    differences,
    nearby: rules.nearby(entry, nearest?.one ?? null),
    fixes: isMeant
      ? differences.flatMap(({ path: rest, value }) =>
          value === undefined ? [] : [{ path: [...path, ...rest], value }],
        )
      : [{ path }],
  });
}

/** A section that says `none`, or how many. */
export function checkCount<Actual>(
  expected: "none" | number,
  actual: readonly Actual[],
  {
    path,
    noun,
    showActual,
    write,
  }: Pick<ListRules<never, Actual>, "path" | "noun" | "showActual" | "write">,
): Failure[] {
  const wanted = expected === "none" ? 0 : expected;
  if (actual.length === wanted) return [];
  const shown = actual.slice(0, MOST_SHOWN).map(showActual);
  const more = actual.length > MOST_SHOWN ? [`and ${actual.length - MOST_SHOWN} more`] : [];
  const value = expected === "none" ? actual.map(write) : actual.length;
  return [
    failure({
      path,
      message: `${many(actual.length, noun)} came, and ${wanted === 0 ? "none" : wanted} should`,
      expected: String(expected),
      actual: shown.length === 0 ? "none" : [...shown, ...more].join("\n"),
      fixes: [{ path, value }],
    }),
  ];
}

const MOST_SHOWN = 10;

function many(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
