import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const binary = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));

const { NODE_V8_COVERAGE: _, ...env } = process.env; // which would be part of the time

const timed = (args: readonly string[]): number => {
  const start = performance.now();
  spawnSync(process.execPath, args, { env });
  return performance.now() - start;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

it("iotmon --help takes at most twice as long as a node that does nothing", { retry: 3 }, () => {
  const pairs = Array.from({ length: 7 }, () => [timed(["-e", "0"]), timed([binary, "--help"])]);
  const [nothing, help] = [0, 1].map((i) => median(pairs.map((pair) => pair[i] as number)));
  expect((help as number) / (nothing as number)).toBeLessThanOrEqual(2);
});
