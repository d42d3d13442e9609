import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const binary = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));

const ROUNDS = 40;
const { NODE_V8_COVERAGE: _, ...env } = process.env; // coverage would be part of the time

/** Processor time of a run of Node, s, in steps of 10 ms: the shell's `times` counts its children in line two. */
function processorTime(args: readonly string[]): number {
  const script = '"$@" >/dev/null; times';
  const shell = spawnSync("sh", ["-c", script, "sh", process.execPath, ...args], { env });
  const [, children = ""] = shell.stdout.toString().split("\n");
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  expect(times).toHaveLength(2); // user and system
  return times.reduce((sum, [, min, s]) => sum + 60 * Number(min) + Number(s), 0);
}

// the minimum of many runs approaches the time on an idle machine, also on a busy one
it("iotmon --help takes at most twice as long as an empty node program", () => {
  let [nothing, help] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS && (round < 3 || help > 2 * nothing); round++) {
    nothing = Math.min(nothing, processorTime(["-e", "0"]));
    help = Math.min(help, processorTime([binary, "--help"]));
  }
  expect(nothing).toBeGreaterThan(0);
  expect(help).toBeLessThanOrEqual(2 * nothing);
});
