import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/services/**"],
    globalSetup: ["test/support/compile-dist.ts"],
    testTimeout: 30_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      // tested through the real program, real threads and a real browser, which v8 does not see from here
      exclude: [
        "src/cli/**",
        "src/runtime/*worker*.ts",
        "src/runtime/engine-thread.ts",
        "src/runtime/shared-slab.ts",
        "src/http/page/client/**",
      ],
      reporter: ["text-summary", "html"],
      thresholds: { lines: 95, branches: 85 },
    },
  },
});
