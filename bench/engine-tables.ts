/**
 * The tables about the engine: growth of its time, and each stage of a replay.
 *
 * Usage: `run.ts` runs it with a recording, its rows, rounds, and a folder for files.
 *
 * @module
 */
import { printGrowth } from "./growth-table.ts";
import { printStages } from "./stage-table.ts";

const [recording, rows, rounds, folder] = process.argv.slice(2);
if (recording === undefined || folder === undefined) throw new RangeError("run.ts runs this");
await printGrowth();
await printStages(recording, Number(rows), Number(rounds), folder);
