import v8 from "@vitest/coverage-v8";
import type { CoverageProviderModule } from "vitest/node";

/** The v8 coverage of vitest, plus the coverage of other processes and threads. */
const module: CoverageProviderModule = {
  ...v8,
  async getProvider() {
    const { WholeCoverage } = await import("./whole-coverage.ts"); // which tests need not load
    return new WholeCoverage();
  },
};

export default module;
