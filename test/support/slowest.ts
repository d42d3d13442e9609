import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Keeps the slowest of the lines that are read. */
export class Slowest {
  readonly #suspiciousMs: number;
  ms = 0;
  line = "";
  /** Lines that seemed slow at first. */
  suspects = 0;

  /** @param suspiciousMs Measures a longer line again. */
  constructor(suspiciousMs: number) {
    this.#suspiciousMs = suspiciousMs;
  }

  /**
   * Times a line. Reads a slow line again: pauses of the machine or the garbage collector do not hit the
   * same line twice.
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

/** Memory in use after garbage collection, MiB. */
export function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
