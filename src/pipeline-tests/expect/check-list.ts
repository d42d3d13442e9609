import type { Path } from "../../config/document.ts";
import { type Difference, type Failure, failure } from "../failure.ts";
import type { TestScore } from "../run/outcome.ts";
import { pairUp } from "./pair-up.ts";

/** How the entries of a section are compared with the actual results. */
export interface ListRules<Expected, Actual> {
  /** Place of the list in the document. */
  readonly path: Path;
  /** `alert`. */
  readonly noun: string;
  /** Empty if the actual result matches. */
  compare(expected: Expected, actual: Actual): readonly Difference[];
  /** Whether a result with these differences may still be the expected one. */
  mayBeMeant(differences: readonly Difference[]): boolean;
  /** Whether the list must name this result. */
  isListed(actual: Actual): boolean;
  showExpected(expected: Expected): string;
  showActual(actual: Actual): string;
  /** The result as an entry of the list. */
  write(actual: Actual): unknown;
  nearby(expected: Expected | null, actual: Actual | null): readonly TestScore[];
}

/** Checks the entries of a section against all actual results. */
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
    const candidates = free.filter((other) => rules.mayBeMeant(other.differences));
    const [nearest] = (candidates.length > 0 ? candidates : free).sort(
      (left, right) => left.differences.length - right.differences.length,
    );
    const isMeant = nearest !== undefined && candidates.length > 0;
    if (isMeant) taken.add(nearest.a);
    failures.push(missing(entry, [...rules.path, e], nearest, isMeant, rules));
  }
  const surplus = actual.filter((one, a) => !taken.has(a) && rules.isListed(one));
  for (const [i, one] of surplus.entries()) {
    failures.push(
      failure({
        path: rules.path,
        message: `no entry expects this ${rules.noun}`,
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
    message: isMeant
      ? `the ${rules.noun} is not as expected`
      : `there is no ${rules.noun} like this`,
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

/** Checks a section that is `none` or a number. */
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
  const shown = actual.slice(0, MAX_SHOWN).map(showActual);
  const more = actual.length > MAX_SHOWN ? [`and ${actual.length - MAX_SHOWN} more`] : [];
  const value = expected === "none" ? actual.map(write) : actual.length;
  return [
    failure({
      path,
      message: `expected ${many(wanted, noun)}, got ${actual.length}`,
      expected: String(expected),
      actual: shown.length === 0 ? "none" : [...shown, ...more].join("\n"),
      fixes: [{ path, value }],
    }),
  ];
}

const MAX_SHOWN = 10;

function many(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
