import { constants } from "node:os";

const cleanings: (() => void)[] = [];

/** Cleans up when the benchmark ends, fails or is interrupted. The newest clean-up runs first. */
export function atEnd(clean: () => void): void {
  if (cleanings.push(clean) > 1) return;
  process.once("exit", () => {
    for (const each of cleanings.reverse()) each();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
