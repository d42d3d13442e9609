import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Keeps the slowest of the lines that are read. */
export class Slowest {
  readonly #suspiciousMs: number;
  ms = 0;
  line = "";
  /** Lines that seemed slow at first. */
  suspects = 0;

  /** @param suspiciousMs A line that takes longer is timed again. */
  constructor(suspiciousMs: number) {
    this.#suspiciousMs = suspiciousMs;
  }

  /**
   * Times a line. One that seems slow is read again: a pause of the machine or of the collector does not
   * come at the same line each time, nor does it take the time of this process.
   */
  time<T>(line: string, read: () => T, readAgain: () => void): T {
    const start = performance.now();
    const outcome = read();
    let ms = performance.now() - start;
    if (ms > this.#suspiciousMs) {
      this.suspects += 1;
      ms = Math.min(...Array.from({ length: 5 }, () => timeOf(readAgain)));
    }
    if (ms > this.ms) {
      this.ms = ms;
      this.line = `${JSON.stringify(line.slice(0, 60))}, ${line.length} characters`;
    }
    return outcome;
  }
}

/** Time of the clock or of the processor, whichever is less, ms. */
function timeOf(read: () => void): number {
  const cpu = process.cpuUsage();
  const start = performance.now();
  read();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(ms, (user + system) / 1000);
}

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** What is in use, MiB, once the rest has been collected. */
export function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
