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
        "src/http/{open-port,serve-api,keeper-metrics,drain}.ts",
        "src/{page,http/page}/client/**",
        "src/report/page/**",
        "src/report/thinning/series-collector.ts",
        "src/report/pipeline-test/**",
        "src/config/{load-tests,test-faults,update-tests}.ts",
        "src/report/sweep/{run-sweep,sweep-worker}.ts",
        "src/live/watch/**",
        "src/live/rows/batch-rows.ts",
        "src/live/durable/reserve.ts",
        "src/io/watch-recording/open-watched.ts",
        "src/io/sources/serial/{serial-run,session,open-port}.ts",
      ],
      reporter: ["text-summary", "html"],
      thresholds: { lines: 95, branches: 85 },
    },
  },
});
