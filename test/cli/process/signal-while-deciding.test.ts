import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { tempFolder } from "../../support/temp-folder.ts";

const BINARY = fileURLToPath(new URL("../../../bin/iotmon.js", import.meta.url));
/** More than a pipeline can have, so the program ends after the decision. */
const COLUMNS = 9999;
const ROWS = 60;

/** How a run of `init` on a wide sample ended, and how long it took, ms. */
interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
}

let wide = "";

beforeAll(() => {
  const names = Array.from({ length: COLUMNS }, (_, i) => `sensor_${i}_${["a", "b", "c"][i % 3]}`);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const time = new Date(Date.UTC(2026, 2, 1, 0, row)).toISOString();
    return [time, ...names.map((_, i) => 20 + ((i * 7 + row * 3) % 50) / 7)].join(",");
  });
  wide = `${[["time", ...names].join(","), ...rows].join("\n")}\n`;
});

/** @param afterMs When it gets SIGTERM; null: never. */
async function init(cwd: string, afterMs: number | null): Promise<Ended> {
  const start = performance.now();
  const child = spawn(process.execPath, [BINARY, "init", "wide.csv"], { cwd, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on("close", (_, signal) => resolve(signal)),
  );
  if (afterMs !== null) {
    await sleep(afterMs);
    child.kill("SIGTERM");
  }
  return { signal: await ended, ms: performance.now() - start };
}

it("SIGTERM ends the program while it decides how to read a wide sample", async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "wide.csv"), wide);
  const signals: (NodeJS.Signals | null)[] = [];
  // on a busy machine, no run tells how long the next one takes
  while (signals.length < 30 && signals.at(-1) !== "SIGTERM") {
    const whole = await init(cwd, null);
    expect(whole.signal).toBeNull();
    // most of the run is the decision, but not all: one of these moments is in it
    for (const share of [0.6, 0.5, 0.7, 0.4, 0.8]) {
      signals.push((await init(cwd, share * whole.ms)).signal);
      if (signals.at(-1) === "SIGTERM") break;
    }
  }
  expect(signals.at(-1)).toBe("SIGTERM");
});
