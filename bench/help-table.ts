import { interleave } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { printTable } from "./report.ts";
import { runNode } from "./run-node.ts";

/** Measures `iotmon --help` against a node that does nothing. */
export async function printHelp(rounds: number): Promise<void> {
  const seconds = await interleave(rounds, {
    node: async () => (await runNode(["-e", "0"])).seconds,
    help: async () => (await runNode(["bin/iotmon.js", "--help"])).seconds,
  });
  const ms = (values: readonly number[]): string => (1000 * median(values)).toFixed(0);
  printTable(
    "Start",
    ["command", "ms", "x node"],
    [
      ["node -e 0", ms(seconds.node), "1"],
      ["iotmon --help", ms(seconds.help), medianRatio(seconds.help, seconds.node).toPrecision(3)],
    ],
  );
}
