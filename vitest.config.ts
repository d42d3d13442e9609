import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/services/**"],
    globalSetup: ["test/support/own-temp-folder.ts", "test/support/bundle-dist.ts"],
    setupFiles: ["test/support/whole-coverage/children.ts"],
    testTimeout: 120_000, // a machine that does much else at once is no fault
    hookTimeout: 60_000,
    maxWorkers: 3, // of which many wait for programs that they have started
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
