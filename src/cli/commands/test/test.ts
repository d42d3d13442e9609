import { stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isTestFile, loadTests, testFileBeside } from "../../../config/tests/load-tests.ts";
import type { TestSuite } from "../../../config/tests/test-suite.ts";
import { updateDocument } from "../../../config/tests/update-tests.ts";
import { IotmonError } from "../../../core/errors.ts";
import { outputError } from "../../../io/output-error.ts";
import { junitXml } from "../../../pipeline-tests/junit.ts";
import { runSuite, type SuiteResult } from "../../../pipeline-tests/run-suite.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { programVersion } from "../../process/program-version.ts";
import { createChalk } from "../../render/color.ts";
import { plural } from "../../render/format.ts";
import { widthOf, writeResult } from "../../render/stream.ts";
import { reportError } from "../../report-error.ts";
import type { TestOptions } from "./options.ts";
import { testReport } from "./test-report.ts";

/**
 * `iotmon test`: runs the tests of all files, even if one file has faults.
 *
 * @returns The exit code: that of the first file with faults, else 1 if a test failed.
 */
export async function runTests(
  files: readonly string[],
  options: TestOptions,
  context: CliContext,
): Promise<number> {
  const { results, code } = await runAll(files, options, context);
  if (code === EXIT.ok && results.length === 0) throw nothingRan(options.run);
  if (results.length > 0 || options.format === "json") await show(results, options, context);
  if (options.junit !== undefined) {
    await writeOver("the JUnit file", options.junit, junitXml(results), context);
  }
  const isFailed = results.some(({ tests }) => tests.some(({ failures }) => failures.length > 0));
  const isFixed = isFailed && options.update === true && (await update(results, context));
  if (code !== EXIT.ok) return code;
  return isFailed && !isFixed ? EXIT.checkFailed : EXIT.ok;
}

/** Runs the tests of all files, and reports the faults of invalid files. */
async function runAll(
  files: readonly string[],
  options: TestOptions,
  context: CliContext,
): Promise<{ readonly results: readonly SuiteResult[]; readonly code: number }> {
  const isWanted = nameFilter(options.run);
  const setting = { cwd: context.cwd, signal: context.signal, version: await programVersion() };
  const results: SuiteResult[] = [];
  let code: number = EXIT.ok;
  const attempt = async <Result>(task: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof IotmonError)) throw error;
      const own = await reportError(error, options, context);
      if (code === EXIT.ok) code = own;
      return null;
    }
  };
  for (const file of files) {
    for (const suite of (await attempt(() => findTests(file, context))) ?? []) {
      const result = await attempt(() => runSuite(suite, setting, isWanted));
      if (result !== null && result.tests.length > 0) results.push(result);
    }
  }
  return { results, code };
}

/**
 * Loads the tests of a file and, for a pipeline, those of the `*.test.yaml` beside it.
 *
 * @throws {IotmonError} As `loadTests`.
 */
async function findTests(file: string, { cwd, env }: CliContext): Promise<readonly TestSuite[]> {
  const own = await loadTests(resolve(cwd, file), file, env);
  if (isTestFile(file)) return [own];
  const beside = testFileBeside(file);
  const isThere = await stat(resolve(cwd, beside)).then(
    () => true,
    () => false,
  );
  return isThere ? [own, await loadTests(resolve(cwd, beside), beside, env)] : [own];
}

function nameFilter(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const expression = new RegExp(pattern, "iu");
    return (name) => name.includes(pattern) || expression.test(name);
  } catch {
    return (name) => name.includes(pattern);
  }
}

function nothingRan(pattern: string | undefined): IotmonError {
  if (pattern === undefined) {
    return new IotmonError("ERR_USAGE", "these files have no tests", {
      hint: "Add `tests:` to the pipeline, or a *.test.yaml beside it",
    });
  }
  return new IotmonError("ERR_USAGE", `no test name matches --run "${pattern}"`);
}

async function show(
  results: readonly SuiteResult[],
  { format, color }: TestOptions,
  { stdout, env, signal }: CliContext,
): Promise<void> {
  const text =
    format === "json"
      ? `${JSON.stringify(results.map(toJson), null, 2)}\n`
      : testReport(results, createChalk(stdout, env, color), widthOf(stdout));
  await writeResult(stdout, text, signal);
}

function toJson({ suite, tests }: SuiteResult): object {
  return {
    file: suite.label,
    tests: tests.map(({ name, at, failures }) => ({
      name,
      at,
      passed: failures.length === 0,
      failures: failures.map((failure) => ({
        at: failure.at,
        message: failure.message,
        expected: failure.expected,
        actual: failure.actual,
        differences: failure.differences.map(({ path, expected, actual }) => ({
          field: path.join("."),
          expected,
          actual,
        })),
        scores: failure.nearby,
      })),
    })),
  };
}

/** Writes the actual results into the files. @returns Whether that fixes every failure. */
async function update(results: readonly SuiteResult[], context: CliContext): Promise<boolean> {
  let left = 0;
  for (const { suite, tests } of results) {
    const failures = tests.flatMap((test) => test.failures);
    left += failures.filter(({ fixes }) => fixes.length === 0).length;
    const changes = failures.flatMap(({ fixes }) => fixes);
    if (changes.length === 0) continue;
    const text = updateDocument(suite.text, changes);
    await writeOver("the test file", suite.label, text, context);
    context.stderr.write(`updated ${suite.label}: ${plural(changes.length, "change")}\n`);
  }
  if (left > 0) {
    context.stderr.write(`--update can't fix ${plural(left, "failure")}\n`);
  }
  return left === 0;
}

/** Writes a file; replaces an existing one. */
async function writeOver(
  what: string,
  path: string,
  text: string,
  { cwd }: CliContext,
): Promise<void> {
  try {
    await writeFile(resolve(cwd, path), text);
  } catch (cause) {
    throw outputError(what, path, cause);
  }
}
