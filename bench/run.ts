/**
 * Speed and memory, as ratios measured in one run; `bench/README.md` explains them.
 *
 * Usage: `npm run bench -- [--rows 1000000] [--rounds 3] [--long]`.
 *
 * @module
 */
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { runInPlainNode } from "./in-plain-node.ts";
import { printMemory } from "./memory-table.ts";
import { writeRecording } from "./recording.ts";
import { printReplays } from "./replay-table.ts";
import { printStarts } from "./start-table.ts";
import { tempFolder } from "./temp-folder.ts";

const START_ROUNDS = 15;

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
    long: { type: "boolean", default: false },
  },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
if (!(Number.isInteger(rows) && rows >= 10_000 && Number.isInteger(rounds) && rounds >= 1)) {
  throw new RangeError("--rows takes a whole number from 10000 on, --rounds one from 1 on");
}

bundleDist();
const folder = tempFolder();
const recording = join(folder, "bench.csv");
writeRecording(recording, rows);
console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}`);
await printStarts(START_ROUNDS, folder);
await runInPlainNode("engine-tables.ts", [recording, String(rows), String(rounds), folder]);
await printReplays(recording, rows, rounds, folder);
if (values.long) await printMemory(folder);
