import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { V8CoverageProvider } from "@vitest/coverage-v8/dist/provider.js";
import type { Vitest } from "vitest/node";
import { addCounts, type IstanbulCounts } from "./add-counts.ts";
import { ChildCounts } from "./child-counts.ts";
import { readCounts } from "./read-counts.ts";

/** Environment variable with the folder for the coverage of processes that tests start. */
const CHILD_COVERAGE = "IOTMON_CHILD_COVERAGE"; // children.ts reads it too

/**
 * Counts the code that a test runs in its own process, as the v8 provider does, and in processes that
 * it starts. The folder in `IOTMON_CHILD_COVERAGE` may contain counts of earlier tests.
 */
export class WholeCoverage extends V8CoverageProvider {
  #folder = "";
  #children: ChildCounts | null = null;

  override initialize(vitest: Vitest): void {
    super.initialize(vitest);
    this.#folder = process.env[CHILD_COVERAGE] ?? mkdtempSync(join(tmpdir(), "iotmon-coverage-"));
    process.env[CHILD_COVERAGE] = this.#folder;
    this.#children = new ChildCounts(this.#folder, vitest.config.root);
  }

  override onAfterSuiteRun(meta: Parameters<V8CoverageProvider["onAfterSuiteRun"]>[0]): void {
    super.onAfterSuiteRun(meta);
    void this.#children?.collect();
  }

  override async generateCoverage(
    context: Parameters<V8CoverageProvider["generateCoverage"]>[0],
  ): ReturnType<V8CoverageProvider["generateCoverage"]> {
    const coverage = await super.generateCoverage(context);
    await this.#children?.collect();
    const wanted = new Set(coverage.files());
    for (const script of this.#children?.scripts ?? []) {
      for (const [source, counts] of await readCounts(script)) {
        if (!wanted.has(source)) continue; // excluded
        addCounts(coverage.fileCoverageFor(source).data as IstanbulCounts, counts);
      }
    }
    return coverage;
  }

  override async cleanAfterRun(): Promise<void> {
    await super.cleanAfterRun();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
