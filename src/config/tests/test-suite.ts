import type { Locate } from "../document.ts";
import type { LoadedPipeline } from "../loaded-pipeline.ts";
import type { TestConfig } from "../schema/tests/tests.ts";

/** A test and the pipeline that it tests. */
export interface LoadedTest {
  readonly test: TestConfig;
  /** Parsed with the variables that the test sets. */
  readonly pipeline: LoadedPipeline;
  /** Index in the file. */
  readonly index: number;
}

/** The tests of one file. */
export interface TestSuite {
  /** The file as the user named it. */
  readonly label: string;
  /** The file, absolute. */
  readonly path: string;
  readonly text: string;
  readonly tests: readonly LoadedTest[];
  readonly locate: Locate;
}
