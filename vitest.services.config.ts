import { defineConfig } from "vitest/config";

/** Tests against real servers, which have to be installed: see `CONTRIBUTING.md`. */
export default defineConfig({
  test: { include: ["test/services/**/*.test.ts"], testTimeout: 60_000 },
});
