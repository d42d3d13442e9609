import { dirname, join, resolve } from "node:path";
import { describeIssue, explainIssues } from "../check/schema-faults.ts";
import {
  replaceVariables,
  type VariableFault,
  type Variables,
  withoutUnset,
} from "../check/variables.ts";
import { faultAt, parseYaml, type YamlDocument } from "../document.ts";
import { readPipelineText } from "../load.ts";
import { type LoadedPipeline, pipelineError } from "../loaded-pipeline.ts";
import { parsePipeline } from "../parse.ts";
import { type TestConfig, testFileSchema } from "../schema/tests/tests.ts";
import { testFaults } from "./test-faults.ts";
import type { LoadedTest, TestSuite } from "./test-suite.ts";

/** Names of test files. */
const TEST_FILE = /\.test\.(?:ya?ml|json)$/i;

/** Whether the name of a file marks it as a test file. Otherwise it is a pipeline, with or without tests. */
export function isTestFile(path: string): boolean {
  return TEST_FILE.test(path);
}

/** The path of the test file for a pipeline file: `pump.test.yaml` for `pump.yaml`. */
export function testFileBeside(path: string): string {
  return path.replace(/(\.[^./\\]*)?$/, (ending) => `.test${ending}`);
}

/**
 * Reads the tests of a `*.test.yaml` or of a pipeline file, which may have none.
 *
 * @param path Absolute.
 * @param label Path as the user gave it, for messages.
 * @param variables Values of `${VAR}`; `env` of a test overrides them.
 * @throws {IotmonError} `ERR_NO_INPUT`, `ERR_PERMISSION` or `ERR_IO` when it can't be read, `ERR_CONFIG` with
 * all faults, each as `file:line:column`.
 */
export async function loadTests(
  path: string,
  label: string,
  variables: Variables,
): Promise<TestSuite> {
  const what = isTestFile(path) ? "the test file" : "the pipeline file";
  const text = await readPipelineText(path, label, what);
  const document = parseYaml(text, label);
  if (!document.usable) throw pipelineError(label, document.faults);
  const loaded = isTestFile(path)
    ? await loadBeside(document, path, label, variables)
    : loadWithin(document, text, label, variables);
  const { locate } = document;
  const faults = loaded.flatMap((test) => testFaults(test, locate));
  if (faults.length > 0) throw pipelineError(label, faults);
  return { label, path, text, tests: loaded, locate };
}

/** Tests in a pipeline file. */
function loadWithin(
  document: YamlDocument,
  text: string,
  label: string,
  variables: Variables,
): readonly LoadedTest[] {
  const all = { ...variables, ...environments(document.value) };
  const { config } = parsePipeline(text, label, all);
  return config.tests.map((test, index) => ({
    test,
    index,
    pipeline: parsePipeline(text, label, { ...all, ...test.env }),
  }));
}

/** Tests in a file of their own. */
async function loadBeside(
  { value, faults, locate }: YamlDocument,
  path: string,
  label: string,
  variables: Variables,
): Promise<readonly LoadedTest[]> {
  const unset: VariableFault[] = [];
  const all = { ...variables, ...environments(value) };
  const replaced = replaceVariables(value, all, unset);
  const result = testFileSchema.safeParse(replaced, { error: describeIssue });
  const found = [
    ...faults,
    ...unset.map(({ path: at, message, hint }) => faultAt(locate, at, message, hint)),
    ...(result.success
      ? []
      : withoutUnset(explainIssues(result.error.issues, value, locate), unset)),
  ];
  if (!result.success || found.length > 0) throw pipelineError(label, found);
  const { pipeline: name, tests } = result.data;
  const pipelinePath = resolve(dirname(path), name);
  const pipelineLabel = join(dirname(label), name);
  const text = await readPipelineText(pipelinePath, pipelineLabel);
  const parse = (test: TestConfig): LoadedPipeline =>
    parsePipeline(text, pipelineLabel, { ...all, ...test.env });
  return tests.map((test, index) => ({ test, index, pipeline: parse(test) }));
}

/** Variables that any test of a document sets. The check of the whole document needs them all. */
function environments(document: unknown): Variables {
  const tests = (document as { tests?: unknown } | null)?.tests;
  if (!Array.isArray(tests)) return {};
  const all: Record<string, string> = {};
  for (const test of tests) {
    const env: unknown = test?.env;
    if (typeof env !== "object" || env === null) continue;
    for (const [name, value] of Object.entries(env)) {
      if (typeof value === "string") all[name] = value;
    }
  }
  return all;
}
