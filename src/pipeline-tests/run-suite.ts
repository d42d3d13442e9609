import type { TestSuite } from "../config/tests/test-suite.ts";
import { IotmonError } from "../core/errors.ts";
import { checkOutcome } from "./expect/check-outcome.ts";
import { type Failure, failure } from "./failure.ts";
import { runTest, type TestSetting } from "./run/run-test.ts";

/** A failure, and its place in the file: `pump.test.yaml:12:7`. */
interface PlacedFailure extends Failure {
  readonly at: string;
}

/** The result of one test. */
export interface TestResult {
  readonly name: string;
  /** Its place in the file. */
  readonly at: string;
  /** Empty if it passed. */
  readonly failures: readonly PlacedFailure[];
}

/** The results of the tests of a file. */
export interface SuiteResult {
  readonly suite: TestSuite;
  readonly tests: readonly TestResult[];
}

/**
 * Runs the tests of a file, one after the other.
 *
 * @param isWanted Selects tests by name.
 * @throws {IotmonError} As {@link runTest}, except `ERR_DATA`, which is a failure of the test.
 */
export async function runSuite(
  suite: TestSuite,
  setting: Omit<TestSetting, "path">,
  isWanted: (name: string) => boolean,
): Promise<SuiteResult> {
  const tests: TestResult[] = [];
  for (const loaded of suite.tests) {
    const { test, index } = loaded;
    if (!isWanted(test.name) || setting.signal.aborted) continue;
    const failures = await runTest(loaded, { ...setting, path: suite.path })
      .then((outcome) => checkOutcome(test, index, outcome))
      .catch((error: unknown) => [brokenBy(error, index)]);
    tests.push({
      name: test.name,
      at: suite.locate(["tests", index]),
      failures: failures.map((failed) => ({ ...failed, at: suite.locate(failed.path) })),
    });
  }
  return { suite, tests };
}

function brokenBy(error: unknown, index: number): Failure {
  if (!(error instanceof IotmonError) || error.code !== "ERR_DATA") throw error;
  const { message, at, hint } = error;
  const actual = [at, hint].filter((part) => part !== undefined).join(": ");
  return failure({ path: ["tests", index], message, actual: actual === "" ? null : actual });
}
