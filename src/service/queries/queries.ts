import type { Episode } from "../../core/alerts/alert-event.ts";
import { SEVERITIES, type Severity } from "../../core/alerts/severity.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { summarize } from "../../io/messages/message-fields.ts";
import type { ScoredContribution } from "../api.ts";
import { notFound } from "../checks/names.ts";
import { nameContributions, orNull } from "../live-pipeline/explanations.ts";
import type { LivePipeline } from "../live-pipeline/live-pipeline.ts";
import type { Registry } from "../registry.ts";
import { shownPlan } from "./shown-plan.ts";
import type { Trace } from "./trace.ts";

/**
 * State of a sensor: the highest severity of its open alerts; else `anomalous` if its newest row is; else
 * `warming` while a detector warms up; else `ok`; `idle` without a detector.
 */
export const SENSOR_STATES = ["idle", "ok", "warming", "anomalous", ...SEVERITIES] as const;

/** See {@link SENSOR_STATES}. */
type SensorState = (typeof SENSOR_STATES)[number];

/** An open alert. */
export interface OpenAlert {
  readonly episode: string;
  readonly detector: string;
  readonly severity: Severity;
  /** Event time, ms. */
  readonly startedAt: number;
  readonly anomalyScore: number | null;
  readonly summary: string;
  readonly contributions: readonly ScoredContribution[];
}

/** State of a sensor with its newest values and open alerts. */
export interface WatchedSensor {
  readonly sensorId: string;
  readonly state: SensorState;
  /** Event time of its newest stored row, ms; null: none. */
  readonly timestamp: number | null;
  /** Observations of the detector that needs the most of them. */
  readonly observationsSeen: number;
  readonly observationsNeeded: number;
  /** Newest values by numeric column. */
  readonly values: ReadonlyMap<string, number | null>;
  readonly alerts: readonly OpenAlert[];
}

/** Summary of a buffer or pipeline. */
export interface Overview {
  readonly name: string;
  readonly kind: "buffer" | "pipeline";
  readonly rowsAppended: number;
  readonly columns: readonly string[];
  readonly detectors: readonly string[];
  readonly sensorCount: number;
  /** Number of sensors in each state. */
  readonly states: Readonly<Record<SensorState, number>>;
}

/** Sensors `from` up to `to`, by number. */
interface SensorPage {
  readonly from: number;
  readonly to: number;
  /** Last sensor of this page; null: it is the last page. */
  readonly nextAfter: string | null;
}

/** Reads the states of the sensors of buffers and pipelines. */
export class Queries {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** All buffers and pipelines, in order of creation. O(sensors). */
  overview(): readonly Overview[] {
    return [...this.#registry.buffers.values()].map(({ config, definition, pipeline }) => {
      const states = { idle: 0, ok: 0, warming: 0, anomalous: 0, info: 0, warning: 0, critical: 0 };
      for (let key = 0; key < pipeline.keys.size; key++) states[stateOf(pipeline, key)] += 1;
      return {
        name: definition.name,
        kind: config === null ? "buffer" : "pipeline",
        rowsAppended: pipeline.buffer.appended,
        columns: pipeline.plan.columns,
        detectors: pipeline.shape.detectors.map(({ name }) => name),
        sensorCount: pipeline.keys.size,
        states,
      };
    });
  }

  /**
   * Sensors of a buffer or pipeline: highest severity first, then in order of appearance.
   *
   * @throws {CommandError} `not_found`.
   */
  sensors(name: string, limit: number): readonly WatchedSensor[] {
    const hosted = this.#registry.buffer(name);
    const { pipeline } = hosted;
    const plan = shownPlan(hosted);
    const keys = Array.from({ length: pipeline.keys.size }, (_, key) => {
      return { key, rank: SENSOR_STATES.indexOf(stateOf(pipeline, key)) };
    });
    keys.sort((a, b) => b.rank - a.rank || a.key - b.key);
    return keys.slice(0, limit).map(({ key }) => sensorOf(pipeline, plan, key));
  }

  /**
   * A page of the sensors of a buffer or pipeline, in order of appearance.
   *
   * @param after The sensor before the page; undefined: the first page.
   * @throws {CommandError} `not_found` when there is no such buffer or sensor.
   */
  page(name: string, limit: number, after?: string): SensorPage {
    const { keys } = this.#registry.buffer(name).pipeline;
    const before = after === undefined ? -1 : keys.find(after);
    if (after !== undefined && before < 0) throw notFound("sensor", after, keys.names);
    const from = before + 1;
    const to = Math.min(keys.size, from + limit);
    return { from, to, nextAfter: to < keys.size ? keys.name(to - 1) : null };
  }

  /**
   * Newest rows of a sensor with their scores.
   *
   * @throws {CommandError} `not_found` when there is no such buffer or sensor.
   */
  trace(name: string, sensorId: string, limit: number): Trace {
    const { pipeline } = this.#registry.buffer(name);
    const key = pipeline.keys.find(sensorId);
    if (key >= 0) return pipeline.trace(key, limit);
    throw notFound("sensor", sensorId, pipeline.keys.names);
  }
}

function stateOf(pipeline: LivePipeline, key: number): SensorState {
  const standings = pipeline.statuses(key);
  if (standings.length === 0) return "idle";
  const worst = Math.max(...standings.map(({ open }) => rankOf(open)));
  if (worst >= 0) return SEVERITIES[worst] ?? "info";
  if (pipeline.isAnomalous(key)) return "anomalous";
  return standings.some((one) => one.observationsNeeded > 0) ? "warming" : "ok";
}

function rankOf(open: Episode | null): number {
  return open === null ? -1 : SEVERITIES.indexOf(open.severity);
}

function sensorOf(pipeline: LivePipeline, plan: EnginePlan, key: number): WatchedSensor {
  const standings = pipeline.statuses(key);
  const [least] = [...standings].sort((a, b) => b.observationsNeeded - a.observationsNeeded);
  const { timestamps, values } = pipeline.trace(key, 1);
  return {
    sensorId: pipeline.keys.name(key),
    state: stateOf(pipeline, key),
    timestamp: timestamps[0] ?? null,
    observationsSeen: least?.observationsSeen ?? 0,
    observationsNeeded: least?.observationsNeeded ?? 0,
    values: new Map([...values].map(([name, [value]]) => [name, value ?? null])),
    alerts: standings.flatMap(({ open }) =>
      open === null ? [] : [alertOf(plan, pipeline.keys, open)],
    ),
  };
}

function alertOf(plan: EnginePlan, keys: KeyTable, episode: Episode): OpenAlert {
  const { peak } = episode;
  const detector = plan.detectors[episode.detector];
  if (detector === undefined) throw new RangeError(`No detector ${episode.detector}`);
  return {
    episode: episode.id,
    detector: detector.name,
    severity: episode.severity,
    startedAt: episode.startedAt,
    anomalyScore: orNull(peak.anomalyScore),
    summary: summarize(keys.name(episode.key), peak, detector),
    contributions: nameContributions(peak.explanation, detector.inputNames),
  };
}
