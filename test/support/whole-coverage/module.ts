import v8 from "@vitest/coverage-v8";
import type { CoverageProviderModule } from "vitest/node";

/** vitest's coverage of v8, and in it what ran in other processes and threads. */
const module: CoverageProviderModule = {
  ...v8,
  async getProvider() {
    const { WholeCoverage } = await import("./whole-coverage.ts"); // which tests need not load
    return new WholeCoverage();
  },
};

export default module;
