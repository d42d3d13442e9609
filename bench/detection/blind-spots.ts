import { PIPELINE_PRESETS } from "../../src/config/infer/presets.ts";
import type { Random } from "../../test/support/random.ts";

/** A fault that the default detector does not see, or sees only briefly, and a detector that sees it. */
export interface BlindSpot {
  readonly fault: string;
  readonly columns: readonly string[];
  /** Number of readings, one per minute. */
  readonly rows: number;
  /** First faulty reading, and the first reading after the fault. */
  readonly from: number;
  readonly to: number;
  /** Values of the readings, one list per reading. */
  readings(random: Random): readonly (readonly number[])[];
  readonly plain: Approach;
  /** Null: iotmon has no such detector. */
  readonly better: Approach | null;
}

/** A detector with its name in the table. */
export interface Approach {
  readonly name: string;
  readonly detector: object;
}

const sensor: Approach = {
  name: "preset `sensor`",
  detector: { algorithm: "ecod", contamination: 0.01 },
};
const processOf = (columns: readonly string[]): Approach => ({
  name: "preset `process`",
  detector: {
    algorithm: "ecod",
    preset: "frozen",
    warmup_period: 400,
    features: columns,
    contamination: 0.003,
  },
});
const features = (...names: string[]): Approach => ({
  name: `\`stream\` on ${names.map((name) => `\`${name}\``).join(", ")}`,
  detector: { algorithm: "ecod", features: names, warmup_period: 2000, contamination: 0.01 },
});

const slowDrift: Approach = {
  name: "preset `slow-drift`",
  detector: {
    algorithm: "ecod",
    features: ["x_mean_200", "x_slope_1000"],
    ...PIPELINE_PRESETS["slow-drift"].detector,
  },
};

const DAY = 1440;

/** One column of noise; the fault adds to it. */
function noise(
  rows: number,
  level: (row: number) => number,
): (random: Random) => (readonly number[])[] {
  return (random) => Array.from({ length: rows }, (_, row) => [level(row) + random.normal()]);
}

/** The faults in docs/detection.md, in its order. */
export const blindSpots: readonly BlindSpot[] = [
  {
    fault: "slow drift: 8 standard deviations in 4,000 readings",
    columns: ["x"],
    rows: 10_000,
    from: 6000,
    to: 10_000,
    readings: noise(10_000, (row) => Math.max(0, row - 6000) / 500),
    plain: sensor,
    better: slowDrift,
  },
  {
    fault: "a level that shifts by 6 standard deviations and stays",
    columns: ["x"],
    rows: 8000,
    from: 6000,
    to: 8000,
    readings: noise(8000, (row) => (row >= 6000 ? 6 : 0)),
    plain: sensor,
    better: processOf(["x"]),
  },
  {
    fault: "season: a day (1,440 readings) that stays at night",
    columns: ["x"],
    rows: 9 * DAY,
    from: 7 * DAY,
    to: 8 * DAY,
    readings: noise(9 * DAY, (row) =>
      row >= 7 * DAY && row < 8 * DAY ? 0 : 10 * (1 - Math.cos((2 * Math.PI * row) / DAY)),
    ),
    plain: sensor,
    better: features("x_diff_1440"),
  },
  {
    fault: "two columns that move together, and then each by itself",
    columns: ["x", "y"],
    rows: 8000,
    from: 6000,
    to: 8000,
    readings(random) {
      return Array.from({ length: 8000 }, (_, row) => {
        const [common, x, y] = [random.normal(), random.normal(), random.normal()];
        return row >= 6000 ? [x, y] : [common, 0.95 * common + 0.31 * y];
      });
    },
    plain: sensor,
    better: {
      name: "`stream` on a `corr` feature over 50",
      detector: { algorithm: "ecod", features: ["together"], contamination: 0.01 },
    },
  },
  {
    fault: "stuck at a usual value for 200 readings",
    columns: ["x"],
    rows: 6400,
    from: 6000,
    to: 6200,
    readings(random) {
      const usual = noise(6400, () => 0)(random);
      return usual.map((reading, row) => (row >= 6000 && row < 6200 ? [0.2] : reading));
    },
    plain: {
      name: "`stream` on the column itself",
      detector: { algorithm: "ecod", features: ["x"], contamination: 0.01 },
    },
    better: {
      name: "`stuck` after 10m",
      detector: { algorithm: "stuck", column: "x", after: "10m" },
    },
  },
  {
    fault: "bursts of a usual height that come 5 times as often",
    columns: ["x"],
    rows: 8000,
    from: 6000,
    to: 8000,
    readings(random) {
      return Array.from({ length: 8000 }, (_, row) => {
        const isBurst = random.uniform() < (row >= 6000 ? 0.1 : 0.02);
        return [random.normal() + (isBurst ? 8 : 0)];
      });
    },
    plain: sensor,
    better: features("x_mean_200", "x_std_200"),
  },
  {
    // Their values, differences, means and deviations are as frequent as before.
    fault: "shape: waves of 100 readings that run backwards, 10 of them",
    columns: ["x"],
    rows: 8000,
    from: 6025,
    to: 7025,
    readings(random) {
      return Array.from({ length: 8000 }, (_, row) => {
        const phase = (2 * Math.PI * row) / 100;
        const part = row >= 6025 && row < 7025 ? -0.4 : 0.4;
        return [Math.sin(phase) + part * Math.cos(3 * phase) + 0.05 * random.normal()];
      });
    },
    plain: sensor,
    better: null,
  },
  {
    fault: "fault from the 50th reading on, within the warm-up",
    columns: ["x"],
    rows: 4000,
    from: 50,
    to: 4000,
    readings: noise(4000, (row) => (row >= 50 ? 6 : 0)),
    plain: sensor,
    better: {
      name: "`threshold` x > 4",
      detector: { algorithm: "threshold", when: "x > 4" },
    },
  },
  {
    fault: "no fault: a new, healthy level after the warm-up",
    columns: ["x"],
    rows: 8000,
    from: 6000,
    to: 8000,
    readings: noise(8000, (row) => (row >= 6000 ? 6 : 0)),
    plain: processOf(["x"]),
    better: sensor,
  },
];
