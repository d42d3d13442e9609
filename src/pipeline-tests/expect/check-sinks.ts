import type { Path } from "../../config/document.ts";
import type { SentExpectation } from "../../config/schema/tests/expect.ts";
import type { Difference, Failure } from "../failure.ts";
import type { TestRequest } from "../run/outcome.ts";
import { checkCount, checkList, type ListRules } from "./check-list.ts";
import { fitsText, subsetDifferences } from "./check-subset.ts";

/** Headers that the sinks create. All others may hold secrets and are not shown. */
const OWN_HEADERS = [
  "content-type",
  "user-agent",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
];
const MAX_TEXT = 120;

/** Checks `expect.sinks` of one sink. A list names messages that must come; others may come too. */
export function checkSink(
  expected: "none" | number | readonly SentExpectation[],
  requests: readonly TestRequest[],
  path: Path,
): Failure[] {
  const rules: ListRules<SentExpectation, TestRequest> = {
    path,
    noun: "message",
    compare,
    mayBeMeant: () => true,
    isListed: () => false,
    showExpected: ({ body, headers }) =>
      short([
        ...(body === undefined ? [] : [body]),
        ...(Object.keys(headers).length === 0 ? [] : [headers]),
      ]),
    showActual: ({ body }) => short([body]),
    write: ({ body }) => ({ body: { status: statusOf(body) } }),
    nearby: () => [],
  };
  return typeof expected === "object"
    ? checkList(expected, requests, rules)
    : checkCount(expected, requests, rules);
}

function compare({ headers, body }: SentExpectation, sent: TestRequest): readonly Difference[] {
  const found: Difference[] = [];
  for (const [name, wanted] of Object.entries(headers)) {
    const actual = sent.headers[name.toLowerCase()];
    const fits =
      wanted === null ? actual === undefined : actual !== undefined && fitsText(wanted, actual);
    if (fits) continue;
    const isOwn = OWN_HEADERS.includes(name.toLowerCase());
    found.push({
      path: ["headers", name],
      expected: wanted ?? "absent",
      actual: actual === undefined ? "absent" : isOwn ? actual : "another text (not shown)",
    });
  }
  return body === undefined ? found : [...found, ...subsetDifferences(body, sent.body, ["body"])];
}

function statusOf(body: unknown): unknown {
  return (body as { status?: unknown } | null)?.status ?? "firing";
}

function short(values: readonly unknown[]): string {
  // with spaces, so that lines can wrap
  const text = values
    .map((value) => JSON.stringify(value, null, 1).replace(/\n\s*/g, " "))
    .join(" ");
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
