/**
 * Faults that the detector does not see: generated faults through the real `iotmon replay`, each with the
 * defaults and with a detector that sees it. The table is in `docs/detection.md`. Usage: `npm run bench:detection-limits`.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../test/support/random.ts";
import { type Approach, type BlindSpot, blindSpots } from "./blind-spots.ts";
import { scoreRecording } from "./score-recording.ts";

const RUNS = 10;

/** Readings at the start that neither share contains: the longest warm-up. */
const SKIPPED = 2500;
const CRITICAL = 0.95;

/** Shares of anomalous readings, means over runs. */
interface Shares {
  readonly before: number;
  readonly during: number;
  /** Share of readings with the score of a critical alert, ten times rarer than the boundary. */
  readonly critical: number;
}

const folder = mkdtempSync(join(tmpdir(), "iotmon-limits-"));
try {
  console.log("| fault | watched by | anomalous before | anomalous during | critical during |");
  console.log("|---|---|---|---|---|");
  for (const spot of blindSpots) {
    for (const approach of [spot.plain, spot.better]) {
      if (approach === null) continue;
      const { before, during, critical } = await measure(spot, approach);
      const cells = [spot.fault, approach.name, share(before), share(during), share(critical)];
      console.log(`| ${cells.join(" | ")} |`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(spot: BlindSpot, approach: Approach): Promise<Shares> {
  const shares: Shares[] = [];
  for (let run = 0; run < RUNS; run++) shares.push(await measureOnce(spot, approach, run));
  const mean = (name: keyof Shares): number =>
    shares.reduce((sum, one) => sum + one[name], 0) / shares.length;
  return { before: mean("before"), during: mean("during"), critical: mean("critical") };
}

async function measureOnce(
  { columns, rows, from, to, readings }: BlindSpot,
  { detector }: Approach,
  run: number,
): Promise<Shares> {
  const recording = join(folder, "recording.csv");
  const lines = readings(new Random(run + 1)).map(
    (values, row) => `${new Date(60_000 * row).toISOString()},${values.join(",")}`,
  );
  writeFileSync(recording, `${[`timestamp,${columns.join(",")}`, ...lines].join("\n")}\n`);
  const { alarms, anomalyScores } = await scoreRecording({
    recording,
    scores: join(folder, "scores.csv"),
    rows,
    pipeline: {
      buffer: { key: null },
      features: [
        ...(columns.includes("y")
          ? [{ name: "together", column: "x", function: "corr", other: "y", window: 50 }]
          : []),
      ],
      detectors: [{ name: "watch", ...detector }],
    },
  });
  const isCritical = anomalyScores.map((score) => Number(score > CRITICAL));
  return {
    before: meanOf(alarms.subarray(SKIPPED, from)),
    during: meanOf(alarms.subarray(from, to)),
    critical: meanOf(isCritical.subarray(from, to)),
  };
}

/** NaN without values. */
function meanOf(flags: Uint8Array | Float64Array): number {
  let sum = 0;
  for (const flag of flags) sum += flag;
  return sum / flags.length;
}

function share(part: number): string {
  return Number.isNaN(part) ? "" : `${(100 * part).toFixed(1)} %`;
}
