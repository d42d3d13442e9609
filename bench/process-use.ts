import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Current memory of a process, bytes. Linux only. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

/** Processor time of all threads of a process, s. Linux only. */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may have spaces
  const [user, system] = [fields[11], fields[12]].map(Number) as [number, number];
  return (user + system) / ticksPerSecond;
}

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
