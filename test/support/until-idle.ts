import type { ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Consecutive samples in which the process must sleep, without use of processor time between them. */
const LOOKS = 8;
const LOOK_MS = 25;

/**
 * Resolves when a process has finished its work: it sleeps or has ended. A process that waits for a
 * processor does not sleep. Linux only.
 */
export async function untilIdle(child: ChildProcess): Promise<void> {
  let before = "";
  for (let looks = 0; looks < LOOKS && child.exitCode === null; await sleep(LOOK_MS)) {
    const threads = await threadsOf(child);
    const isAsleep = threads.every(({ state }) => state === "S");
    const used = threads.map(({ ticks }) => ticks).join(" ");
    looks = isAsleep && used === before ? looks + 1 : 0;
    before = used;
  }
}

async function threadsOf({ pid }: ChildProcess): Promise<{ state: string; ticks: string }[]> {
  const folder = `/proc/${pid}/task`;
  const stats = await Promise.all(
    (await readdir(folder).catch(() => [])).map((id) =>
      readFile(`${folder}/${id}/stat`, "utf8").catch(() => ""),
    ),
  );
  return stats.map((stat) => {
    // the name before may contain spaces and brackets
    const [state = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, ticks: `${rest[10]}+${rest[11]}` };
  });
}
