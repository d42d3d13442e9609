import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** One run of the real program. */
export interface BinaryRun {
  /** From start to exit, s. */
  readonly seconds: number;
  /** Most memory it held, bytes. */
  readonly peakBytes: number;
}

const BINARY = fileURLToPath(new URL("../bin/iotmon.js", import.meta.url));
const REPORT_FD = 3;

/** Loaded into the program: tells its peak memory at the end. In kilobytes, whatever the system. */
const REPORTER = `data:text/javascript,${encodeURIComponent(
  `import fs from "node:fs";
   process.on("exit", () => fs.writeSync(${REPORT_FD}, String(process.resourceUsage().maxRSS)));`,
)}`;

/**
 * Runs `bin/iotmon.js` and throws its results away.
 *
 * @throws {Error} When it fails: what it said.
 */
export function runBinary(args: readonly string[]): BinaryRun {
  const start = performance.now();
  const { status, stderr, output } = spawnSync(
    process.execPath,
    ["--import", REPORTER, BINARY, ...args],
    { stdio: ["ignore", "ignore", "pipe", "pipe"], encoding: "utf8" },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`iotmon ${args.join(" ")} failed: ${stderr}`);
  return { seconds, peakBytes: Number(output[REPORT_FD]) * 1024 };
}
