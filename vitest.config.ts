import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/services/**"],
    globalSetup: ["test/support/own-temp-folder.ts", "test/support/bundle-dist.ts"],
    setupFiles: ["test/support/whole-coverage/children.ts"],
    server: { deps: { external: [/\/dist\//] } }, // the bundled program runs as it is
    testTimeout: 1_800_000, // a busy machine must not fail a test
    hookTimeout: 600_000,
    expect: { poll: { timeout: 600_000 } },
    maxWorkers: 3, // most of the time, one of them waits for a program that it started
    coverage: {
      provider: "custom",
      customProviderModule: "./test/support/whole-coverage/module.ts",
      include: ["src/**/*.ts"],
      exclude: ["src/{page,http/page,report}/client/**", "src/core/kernel/**"], // run elsewhere
      reporter: ["text-summary", "html"],
      thresholds: { lines: 95, branches: 85 },
    },
  },
});
