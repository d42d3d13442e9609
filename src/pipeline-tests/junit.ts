import { failureLines } from "./failure.ts";
import type { SuiteResult, TestResult } from "./run-suite.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

/**
 * Results as JUnit XML, which CI services read
 * (https://github.com/testmoapp/junitxml). It has no times: the same tests give the same file.
 */
export function junitXml(results: readonly SuiteResult[]): string {
  const tests = results.flatMap((result) => result.tests);
  const suites = results.map(({ suite, tests: own }) => {
    const cases = own.map((test) => testCase(test, suite.label));
    return `  <testsuite name="${escaped(suite.label)}" ${counts(own)}>\n${cases.join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="iotmon" ${counts(tests)}>\n${suites.join("")}</testsuites>\n`;
}

function testCase({ name, at, failures }: TestResult, label: string): string {
  const line = /:(\d+):\d+$/.exec(at)?.[1] ?? "1";
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(label)}" file="${escaped(label)}" line="${line}"`;
  if (failures.length === 0) return `${head}/>\n`;
  const elements = failures.map((failure) => {
    const message = escaped(failure.message);
    const text = escaped([failure.at, ...failureLines(failure)].join("\n")).replaceAll(
      "&#10;",
      "\n",
    );
    return `      <failure message="${message}" type="expectation">${text}</failure>\n`;
  });
  return `${head}>\n${elements.join("")}    </testcase>\n`;
}

function counts(tests: readonly TestResult[]): string {
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  return `tests="${tests.length}" failures="${failed}" errors="0"`;
}

/** Text for XML; characters that XML forbids, such as NUL, become a replacement character. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}")
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? character);
}
