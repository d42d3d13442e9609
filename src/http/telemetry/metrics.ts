import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { variantNames } from "../../service/checks/names.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import { type AlertLabels, PipelineMetrics } from "./pipeline-metrics.ts";

/** Sets gauges just before Prometheus reads them. */
export type Collector = (registry: Registry) => void;

const SCORE_SECONDS = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 1];

/** The metrics of a server, in a registry of its own. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #collectors: Collector[] = [];
  readonly #readings: Counter<"buffer">;
  readonly #rejected: Counter<"buffer">;
  readonly #times: readonly Counter<"buffer">[];
  readonly #scoreSeconds: Histogram<"pipeline" | "detector">;
  readonly #pipelines: PipelineMetrics;
  /** Detectors with times of scores, by pipeline. */
  readonly #scoredIn = new Map<string, Set<string>>();
  readonly #requests: Counter<"method" | "route" | "status">;

  constructor(machine: StateMachine) {
    const registers = [this.#registry];
    this.#readings = new Counter({
      name: "iotmon_readings_total",
      help: "Accepted rows.",
      labelNames: ["buffer"],
      registers,
    });
    this.#rejected = new Counter({
      name: "iotmon_rejected_cells_total",
      help: "Unusable cells.",
      labelNames: ["buffer"],
      registers,
    });
    this.#scoreSeconds = new Histogram({
      name: "iotmon_score_seconds",
      help: "Time to score one observation, including the rows before it; of a pipeline, per row of a call.",
      labelNames: ["pipeline", "detector"],
      buckets: SCORE_SECONDS,
      registers,
    });
    this.#requests = new Counter({
      name: "iotmon_http_requests_total",
      help: "Answered requests by route and status.",
      labelNames: ["method", "route", "status"],
      registers,
    });
    const ahead = new Counter({
      name: "iotmon_readings_ahead_total",
      help: "Readings rejected because their time was too far ahead.",
      labelNames: ["buffer"],
      registers,
    });
    const steps = new Counter({
      name: "iotmon_clock_steps_total",
      help: "Clocks of sensors that were set, or went back by an hour.",
      labelNames: ["buffer"],
      registers,
    });
    const leading = new Counter({
      name: "iotmon_clocks_ahead_total",
      help: "Sensors that were found to run ahead of all others.",
      labelNames: ["buffer"],
      registers,
    });
    this.#times = [ahead, leading, steps];
    machine.listen({
      rows: ({ definition: { name: buffer } }, { read, times }) => {
        if (read.ahead.length > 0) ahead.inc({ buffer }, read.ahead.length);
        for (const { kind } of times) {
          if (kind === "refused") ahead.inc({ buffer });
          if (kind === "leads") leading.inc({ buffer });
          if (kind === "clock_set" || kind === "hour_repeated") steps.inc({ buffer });
        }
      },
    });
    collectDefaultMetrics({ register: this.#registry }); // event loop delay, heap, CPU
    this.#pipelines = this.#addStateGauges(machine, registers);
  }

  /** Content type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts accepted rows. */
  appended(buffer: string, rows: number, rejectedCells: number): void {
    this.#readings.inc({ buffer }, rows);
    this.#rejected.inc({ buffer }, rejectedCells);
  }

  /** Removes the series of a deleted buffer or pipeline. */
  forgetBuffer(buffer: string): void {
    this.#readings.remove({ buffer });
    this.#rejected.remove({ buffer });
    for (const detector of this.#scoredIn.get(buffer) ?? []) {
      this.#scoreSeconds.remove({ pipeline: buffer, detector });
    }
    this.#scoredIn.delete(buffer);
    for (const counter of this.#times) counter.remove({ buffer });
  }

  /** Removes the series of a deleted detector and its variants. */
  forgetDetector(name: string): void {
    for (const detector of [name, ...variantNames(name)]) this.#scoreSeconds.remove({ detector });
  }

  /** Records the time of a score. @param detector Its name, or that of the variant that answered. */
  scored(detector: string, seconds: number): void {
    this.#scoreSeconds.observe({ detector }, seconds);
  }

  /** Records the time of a row of a pipeline for each of its detectors. */
  pipelineScored(pipeline: string, detectors: readonly string[], seconds: number): void {
    const known = this.#scoredIn.get(pipeline) ?? new Set();
    this.#scoredIn.set(pipeline, known);
    for (const detector of detectors) {
      known.add(detector);
      this.#scoreSeconds.observe({ pipeline, detector }, seconds);
    }
  }

  /** Counts a message about the running of a pipeline. */
  ops(body: AlertLabels): void {
    const { pipeline, detector, severity, status } = body;
    this.#pipelines.alert({ pipeline, detector, severity, status });
  }

  /** Counts an answered request. @param route Path pattern, so that names do not create series. */
  answered(method: string, route: string, status: number): void {
    this.#requests.inc({ method, route, status });
  }

  /**
   * Adds metrics of another part, such as the outbox.
   *
   * @param collector Called before every read. It creates its gauges once, with `registers: [registry]`, and
   * sets them in each call.
   */
  addCollector(collector: Collector): void {
    this.#collectors.push(collector);
  }

  /** All metrics in the text format of Prometheus. */
  async text(): Promise<string> {
    for (const collect of this.#collectors) collect(this.#registry);
    return this.#registry.metrics();
  }

  #addStateGauges(machine: StateMachine, registers: Registry[]): PipelineMetrics {
    const rows = new Gauge({
      name: "iotmon_buffer_rows",
      help: "Rows in the buffer.",
      labelNames: ["buffer"],
      registers,
    });
    this.addCollector(() => {
      rows.reset();
      for (const { name, currentRows } of machine.buffers())
        rows.set({ buffer: name }, currentRows);
    });
    const pipelines = new PipelineMetrics(machine, this.#registry);
    this.addCollector(() => pipelines.collect());
    return pipelines;
  }
}
