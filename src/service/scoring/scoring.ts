import { severityOf } from "../../core/alerts/severity.ts";
import { UNSCORED } from "../../core/detectors/detector.ts";
import { learningOf } from "../../core/detectors/registry.ts";
import { MAX_KEY_LENGTH } from "../../io/decoders/rows/row-reader.ts";
import type { DetectorState, Score, SensorProgress } from "../api.ts";
import { show, Warnings } from "../checks/warnings.ts";
import { CommandError } from "../command-error.ts";
import type { Command } from "../commands.ts";
import type { Detectors } from "../detectors/detectors.ts";
import { orNull } from "../live-pipeline/explanations.ts";
import type { Observed } from "../live-pipeline/observations.ts";
import type { HostedDetector, Registry } from "../registry.ts";
import { byFit, featuresOf } from "./choose-definition.ts";

/** A score call. */
export type ScoreRequest = Omit<Command<"score">, "kind" | "name">;

const NOTHING: Observed = {
  verdict: { rawScore: Number.NaN, p: Number.NaN, anomalyScore: 0, isAnomaly: UNSCORED },
  contributions: [],
};

/** Executes score calls and reads the states of detectors. */
export class Scoring {
  readonly #registry: Registry;
  readonly #detectors: Detectors;

  constructor(registry: Registry, detectors: Detectors) {
    this.#registry = registry;
    this.#detectors = detectors;
  }

  /** @throws {CommandError} `not_found`. */
  state(name: string): DetectorState {
    const hosted = this.#registry.detector(name);
    const { definition, detector, home, buffer } = hosted;
    const sensors = new Map<string, SensorProgress>();
    for (const [key, sensor] of home.keys.names.entries()) {
      if (home.observations.status(detector, key) !== null)
        sensors.set(sensor, home.observations.progress(detector, key));
    }
    const seen = [...sensors.values()].map(({ observationsSeen }) => observationsSeen);
    return {
      name: definition.name,
      algorithm: definition.algorithm,
      features: detector.inputNames,
      contamination: learningOf(detector.config)?.contamination ?? null,
      warmupPeriod: definition.warmup_period,
      buffer,
      ...home.observations.progress(detector, defaultKey(hosted)),
      observationsTotal: seen.reduce((sum, count) => sum + count, 0),
      sensors,
      variants: this.#registry.variants(name).map((variant) => this.state(variant.definition.name)),
    };
  }

  /**
   * Scores an observation with the definition that fits it best. While that one warms up, a warm one answers, if
   * there is any.
   *
   * @throws {CommandError} `not_found`, `invalid`.
   */
  score(name: string, request: ScoreRequest): Score {
    checkSensor(request.sensorId);
    const [learner, ...others] = byFit(this.#registry.definitions(name), request.features);
    const answer = this.#score(learner, request);
    if (answer.isWarm) return answer;
    for (const other of others) {
      const look = this.#score(other, { ...request, learn: false });
      if (look.isWarm) return { ...look, learned: answer.learned };
    }
    return answer;
  }

  #score(hosted: HostedDetector, request: ScoreRequest): Score {
    const warnings = new Warnings();
    for (const { field, message } of this.#detectors.link(hosted)) warnings.add(field, message);
    const { detector, home } = hosted;
    const values = readValues(request.features, detector.inputNames, warnings);
    const sensorId =
      request.sensorId ?? home.keys.names[defaultKey(hosted)] ?? home.frame.layout.constantKey;
    const known = home.keys.find(sensorId);
    const row = known < 0 ? -1 : home.observations.findRow(detector, known, values);
    const key = known < 0 && request.learn ? home.keys.intern(sensorId) : known;
    if (key < 0 && request.learn) {
      const most = home.keys.capacity;
      warnings.add(
        "sensor_id",
        `there are ${most} sensors, which is the limit: the model does not learn from it`,
      );
    }
    const learned = row < 0 && key >= 0 && request.learn;
    const names = new Set(featuresOf(hosted));
    return {
      variant: detector.name,
      ...describe(observe(hosted, key, row, values, request.learn), hosted),
      sensorId,
      isBufferRow: row >= 0,
      learned,
      ...pickProgress(home.observations.progress(detector, key)),
      ignoredFeatures: Object.keys(request.features).filter((feature) => !names.has(feature)),
      warnings: warnings.list,
    };
  }
}

/** @param row The buffer row with these values; -1: none. */
function observe(
  { home, detector }: HostedDetector,
  key: number,
  row: number,
  values: Float64Array,
  learn: boolean,
): Observed {
  if (row >= 0) return home.observations.ofRow(detector, row);
  return key < 0 ? NOTHING : home.observations.score(detector, key, values, learn);
}

/** @throws {CommandError} `invalid`, if the name is empty or too long. */
export function checkSensor(sensorId: string | undefined): void {
  if (sensorId === undefined || (sensorId.length > 0 && sensorId.length <= MAX_KEY_LENGTH)) return;
  throw new CommandError("invalid", `must be 1 to ${MAX_KEY_LENGTH} characters`, {
    field: "sensor_id",
  });
}

function describe({ verdict, contributions }: Observed, { detector }: HostedDetector) {
  const isAnomaly = verdict.isAnomaly === 1;
  return {
    isAnomaly,
    anomalyScore: verdict.anomalyScore,
    rawScore: orNull(verdict.rawScore),
    p: orNull(verdict.p),
    severity: severityOf(isAnomaly, verdict.anomalyScore, detector.alerts.severity),
    contributions,
  };
}

function readValues(
  features: Readonly<Record<string, unknown>>,
  names: readonly string[],
  warnings: Warnings,
): Float64Array {
  return Float64Array.from(names, (name) => {
    const value = Object.hasOwn(features, name) ? features[name] : null;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value !== null)
      warnings.add(`features.${name}`, `${show(value)} is not a number: it counts as null`);
    return Number.NaN;
  });
}

/** Key of the newest row; without rows, the only sensor. */
function defaultKey({ home }: HostedDetector): number {
  if (home.newestKey >= 0) return home.newestKey;
  const own = home.keys.find(home.frame.layout.constantKey);
  return own >= 0 || home.keys.size === 0 ? own : 0;
}

function pickProgress({ isWarm, observationsSeen, observationsNeeded }: SensorProgress) {
  return { isWarm, observationsSeen, observationsNeeded };
}
