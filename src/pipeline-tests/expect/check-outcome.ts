import type { ExpectConfig } from "../../config/schema/tests/expect.ts";
import type { TestConfig } from "../../config/schema/tests/tests.ts";
import { SEVERITIES } from "../../core/alerts/severity.ts";
import { type Failure, failure } from "../failure.ts";
import type { TestMessage, TestOutcome } from "../run/outcome.ts";
import { checkAlerts, writeAlert } from "./check-alerts.ts";
import { checkRejects } from "./check-rejects.ts";
import { checkScores } from "./check-scores.ts";
import { checkSink } from "./check-sinks.ts";

/**
 * Compares the outcome of a test with its expectations.
 *
 * @param index Of the test in its file.
 * @returns The failures, in the order of the sections.
 */
export function checkOutcome(
  { expect }: TestConfig,
  index: number,
  outcome: TestOutcome,
): Failure[] {
  const path = ["tests", index, "expect"];
  const { alerts, scores, rejects, sinks } = expect;
  const regarded = { ...outcome, messages: outcome.messages.filter(filterOf(expect)) };
  if ((alerts ?? scores ?? rejects ?? sinks) === undefined)
    return [nothingExpected(path, regarded)];
  return [
    ...(alerts === undefined ? [] : checkAlerts(alerts, regarded, [...path, "alerts"])),
    ...(scores === undefined ? [] : checkScores(scores, outcome.scores, [...path, "scores"])),
    ...(rejects === undefined ? [] : checkRejects(rejects, outcome.rejects, [...path, "rejects"])),
    ...Object.entries(sinks ?? {}).flatMap(([name, expected]) =>
      checkSink(expected, outcome.requests.get(name) ?? [], [...path, "sinks", name]),
    ),
  ];
}

/** Selects the messages that the expectations are about. */
function filterOf({
  min_severity: least,
  detectors,
}: ExpectConfig): (message: TestMessage) => boolean {
  return ({ body: { severity, detector } }) =>
    SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least) &&
    (detectors === undefined || detectors.includes(detector));
}

function nothingExpected(path: Failure["path"], { messages, rejects }: TestOutcome): Failure {
  const alerts = messages.length === 0 ? "none" : messages.map(writeAlert);
  const lines = rejects.map(({ line, reason }) => ({ line, reason }));
  return failure({
    path,
    message: "the test expects nothing; --update writes the actual result",
    fixes: [
      { path: [...path, "alerts"], value: alerts },
      ...(lines.length === 0 ? [] : [{ path: [...path, "rejects"], value: lines }]),
    ],
  });
}
