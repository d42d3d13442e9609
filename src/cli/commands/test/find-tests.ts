import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isTestFile, loadTests, testFileBeside } from "../../../config/tests/load-tests.ts";
import type { TestSuite } from "../../../config/tests/test-suite.ts";
import type { CliContext } from "../../context.ts";

/**
 * The tests that a file stands for: its own and, for a pipeline, those of the `*.test.yaml` beside it.
 *
 * @throws {IotmonError} As `loadTests`.
 */
export async function findTests(
  file: string,
  { cwd, env }: CliContext,
): Promise<readonly TestSuite[]> {
  const own = await loadTests(resolve(cwd, file), file, env);
  if (isTestFile(file)) return [own];
  const beside = testFileBeside(file);
  const isThere = await stat(resolve(cwd, beside)).then(
    () => true,
    () => false,
  );
  return isThere ? [own, await loadTests(resolve(cwd, beside), beside, env)] : [own];
}
