import { defineConfig } from "vitest/config";

/** Tests with real servers and a real browser, which have to be installed: see `CONTRIBUTING.md`. */
export default defineConfig({
  test: {
    include: ["test/services/**/*.test.ts"],
    globalSetup: ["test/support/compile-dist.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
