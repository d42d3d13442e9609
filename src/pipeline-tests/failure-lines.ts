import { showScore } from "./expect/check-scores.ts";
import type { Failure } from "./failure.ts";
import type { TestScore } from "./run/outcome.ts";

/** What a failure says beside its message, in lines without colour. */
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

/** Scores by sensor and detector, a line each row. */
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
