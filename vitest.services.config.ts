import { defineConfig } from "vitest/config";

/** Tests with real servers and a real browser, which have to be installed: see `CONTRIBUTING.md`. */
export default defineConfig({
  test: {
    include: ["test/services/**/*.test.ts"],
    globalSetup: ["test/support/own-temp-folder.ts", "test/support/bundle-dist.ts"],
    setupFiles: ["test/support/whole-coverage/children.ts"],
    testTimeout: 60_000,
    maxWorkers: 2, // of which many wait for browsers, ports and brokers
    hookTimeout: 60_000,
  },
});
