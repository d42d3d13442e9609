import { defineConfig } from "vitest/config";

/** Tests with real servers and a real browser, which have to be installed: see `CONTRIBUTING.md`. */
export default defineConfig({
  test: {
    include: ["test/services/**/*.test.ts"],
    globalSetup: ["test/support/own-temp-folder.ts", "test/support/bundle-dist.ts"],
    setupFiles: ["test/support/whole-coverage/children.ts"],
    testTimeout: 300_000, // a busy machine must not fail a test
    hookTimeout: 300_000,
    maxWorkers: 2, // most of the time, one of them waits for a browser, a port or a broker
  },
});
