import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { nextRecord } from "../../src/durability/checkpoint/position.ts";
import { StateDirectory } from "../../src/state/state-directory.ts";

/** Prints the processor time of the process at its end. */
const REPORT = `data:text/javascript,process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write("cpu " + (user + system) + "\\n");
})`;

/** What a start finds. */
interface Restored {
  /** Processor time of `iotmon state info`, which restores the state, s. */
  readonly cpuS: number;
  /** Readings in the state. */
  readonly rows: number;
}

/** Restores a state as a start does. */
export function restore(state: string): Restored {
  const args = ["bin/iotmon.js", "state", "info", "--state", state, "--format", "json"];
  const run = spawnSync(process.execPath, ["--import", REPORT, ...args], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  const { pipelines } = JSON.parse(run.stdout) as { pipelines: readonly { rows: number }[] };
  const rows = pipelines.reduce((sum, pipeline) => sum + pipeline.rows, 0);
  return { cpuS: Number(/cpu (\d+)/.exec(run.stderr)?.[1]) / 1e6, rows };
}

/** What two starts need, bytes. */
interface Live {
  /** Values of the newest checkpoint. */
  readonly values: number;
  /** Journal, which reaches back to the checkpoint before it. */
  readonly journal: number;
}

/** Bytes of a state that two starts need. */
export async function liveBytes(state: string): Promise<Live> {
  const copy = `${state}-copy`;
  cpSync(state, copy, { recursive: true, filter: (path) => !path.endsWith("/lock") });
  const directory = await StateDirectory.open(copy, ({ message }) => {
    throw new Error(message);
  });
  const store = await directory.openCheckpoints();
  const newest = store.takeNewest();
  const log = await directory.openLog("journal", { nextSeq: nextRecord(newest.values) });
  const values = store.liveBytes;
  let journal = 0;
  for await (const { payload } of log.read()) journal += payload.length;
  await log.close();
  await store.close();
  await directory.close();
  return { values, journal };
}
