import type { Path } from "../config/document.ts";
import type { TestScore } from "./run/outcome.ts";

/** A field of an entry that differs from the expectation. */
export interface Difference {
  /** From the entry to the field: `["severity"]`, `["body", "labels", "team"]`. */
  readonly path: Path;
  readonly expected: string;
  readonly actual: string;
  /** The value in the file that would match; undefined: none. */
  readonly value?: unknown;
}

/** A change to the file that makes it expect the actual result; `value` undefined: remove the entry. */
export interface Fix {
  readonly path: Path;
  readonly value?: unknown;
}

/** An expectation that was not met. */
export interface Failure {
  /** Its place in the document. */
  readonly path: Path;
  /** What is wrong, no trailing period. */
  readonly message: string;
  /** One line each; null: not applicable. */
  readonly expected: string | null;
  readonly actual: string | null;
  /** Differences between `expected` and `actual`. */
  readonly differences: readonly Difference[];
  /** Scores of the rows around it. */
  readonly nearby: readonly TestScore[];
  readonly fixes: readonly Fix[];
}

/** A failure with defaults for the fields that are left out. */
export function failure(given: Pick<Failure, "path" | "message"> & Partial<Failure>): Failure {
  return { expected: null, actual: null, differences: [], nearby: [], fixes: [], ...given };
}

/** The details of a failure below its message, as lines without colour. */
export function failureLines({ expected, actual, differences, nearby }: Failure): string[] {
  const width = Math.max(8, ...differences.map(({ path }) => path.join(".").length));
  const row = (name: string, text: string): string[] =>
    text.split("\n").map((line, i) => `${(i === 0 ? name : "").padEnd(width)}  ${line}`);
  return [
    ...(expected === null ? [] : row("expected", expected)),
    ...(actual === null ? [] : row("actual", actual)),
    ...differences.flatMap(({ path, expected: wanted, actual: found }) =>
      row(path.join("."), `expected ${wanted}, got ${found}`),
    ),
    ...scoreLines(nearby),
  ];
}

/** `0.873 anomalous`. */
export function showScore({ score, anomalous }: TestScore): string {
  const suffix = anomalous === null ? " (not scored)" : anomalous ? " anomalous" : "";
  return `${score.toFixed(3)}${suffix}`;
}

/** Scores grouped by sensor and detector, one line per row. */
function scoreLines(scores: readonly TestScore[]): string[] {
  const groups = new Map<string, TestScore[]>();
  for (const score of scores) {
    const name = `scores of ${score.sensor}, ${score.detector}`;
    groups.set(name, [...(groups.get(name) ?? []), score]);
  }
  return [...groups].flatMap(([name, own]) => [
    name,
    ...own.map((score) => `  row ${String(score.row).padEnd(6)} ${showScore(score)}`),
  ]);
}
