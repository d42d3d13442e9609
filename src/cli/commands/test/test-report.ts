import type { ChalkInstance } from "chalk";
import { failureLines } from "../../../pipeline-tests/failure.ts";
import type { SuiteResult, TestResult } from "../../../pipeline-tests/run-suite.ts";
import { plural, printable } from "../../render/format.ts";
import { wrapText } from "../../render/wrap-text.ts";

const INDENT = "    ";

/** Test results for a terminal: one line per test, and the details of each failure below. */
export function testReport(
  results: readonly SuiteResult[],
  color: ChalkInstance,
  width: number,
): string {
  const lines = results.flatMap(({ suite, tests }) => [
    color.bold(printable(suite.label)),
    ...tests.flatMap((test) => testLines(test, color, width)),
  ]);
  const tests = results.flatMap((result) => result.tests);
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  const sum =
    failed === 0
      ? color.green(`${tests.length} passed`)
      : `${tests.length - failed} passed, ${color.red(`${failed} failed`)}`;
  return `${[...lines, `${plural(tests.length, "test")}: ${sum}`].join("\n")}\n`;
}

function testLines({ name, failures }: TestResult, color: ChalkInstance, width: number): string[] {
  if (failures.length === 0) return [`  ${color.green("✓")} ${printable(name)}`];
  return [
    `  ${color.red("✗")} ${printable(name)}`,
    ...failures.flatMap((failure) => [
      wrapText(
        `${INDENT}${color.cyan(failure.at)}: ${color.red(printable(failure.message))}`,
        width,
        `${INDENT}  `,
      ),
      ...failureLines(failure).map((line) => detail(printable(line), color, width)),
    ]),
  ];
}

/** One line of a failure. Wraps the text beside a name; other lines stay as they are. */
function detail(line: string, color: ChalkInstance, width: number): string {
  const [, name = "", gap = "", text = ""] = /^(\S*)( {2,})(.*)$/.exec(line) ?? [];
  const indent = `${INDENT}  ${" ".repeat(name.length + gap.length)}`;
  const isLong = indent.length + text.length > width;
  if (gap === "" || (name === "" && !isLong)) return `${INDENT}  ${line}`;
  const paint = name === "expected" ? color.green : name === "actual" ? color.red : String;
  const wrapped = wrapText(text, width - indent.length)
    .split("\n")
    .map((part) => paint(part));
  return `${INDENT}  ${name}${gap}${wrapped.join(`\n${indent}`)}`;
}
