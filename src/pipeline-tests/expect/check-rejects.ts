import type { Path } from "../../config/document.ts";
import type { ExpectConfig, RejectExpectation } from "../../config/schema/tests/expect.ts";
import type { Reject } from "../../io/decoders/decode-context.ts";
import type { Difference, Failure } from "../failure.ts";
import { checkCount, checkList, type ListRules } from "./check-list.ts";

/** Checks `expect.rejects`. A list must name all rejected rows. */
export function checkRejects(
  expected: NonNullable<ExpectConfig["rejects"]>,
  rejects: readonly Reject[],
  path: Path,
): Failure[] {
  const rules: ListRules<RejectExpectation, Reject> = {
    path,
    noun: "rejected row",
    compare,
    mayBeMeant: (differences) => differences.length < 2,
    isListed: () => true,
    showExpected: ({ line, reason }) =>
      [
        line === undefined ? "any line" : `line ${line}`,
        ...(reason === undefined ? [] : [reason]),
      ].join(": "),
    showActual: ({ line, reason, detail }) => `line ${line}: ${reason} (${detail})`,
    write: ({ line, reason }) => ({ line, reason }),
    nearby: () => [],
  };
  return Array.isArray(expected)
    ? checkList(expected, rejects, rules)
    : checkCount(expected, rejects, rules);
}

function compare(expected: RejectExpectation, actual: Reject): readonly Difference[] {
  const found: Difference[] = [];
  for (const field of ["line", "reason"] as const) {
    const wanted = expected[field];
    const value = actual[field];
    if (wanted === undefined || wanted === value) continue;
    found.push({ path: [field], expected: `${wanted}`, actual: `${value}`, value });
  }
  return found;
}
