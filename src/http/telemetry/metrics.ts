import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { StateMachine } from "../../service/state-machine.ts";
import { alarmRate } from "../json/to-json.ts";

/** Sets gauges just before Prometheus reads them. */
export type Collector = (registry: Registry) => void;

const SCORE_SECONDS = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 1];

/** The metrics of a server, in a registry of its own. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #collectors: Collector[] = [];
  readonly #readings: Counter<"buffer">;
  readonly #rejected: Counter<"buffer">;
  readonly #scoreSeconds: Histogram<"detector">;
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
      help: "Time to score one observation, including the rows before it.",
      labelNames: ["detector"],
      buckets: SCORE_SECONDS,
      registers,
    });
    this.#requests = new Counter({
      name: "iotmon_http_requests_total",
      help: "Answered requests by route and status.",
      labelNames: ["method", "route", "status"],
      registers,
    });
    collectDefaultMetrics({ register: this.#registry }); // event loop delay, heap, CPU
    this.#addStateGauges(machine, registers);
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

  /** Removes the series of a deleted buffer. */
  forgetBuffer(buffer: string): void {
    this.#readings.remove({ buffer });
    this.#rejected.remove({ buffer });
  }

  /** Removes the series of a deleted detector. */
  forgetDetector(detector: string): void {
    this.#scoreSeconds.remove({ detector });
  }

  /** Records the time of a score. */
  scored(detector: string, seconds: number): void {
    this.#scoreSeconds.observe({ detector }, seconds);
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

  #addStateGauges(machine: StateMachine, registers: Registry[]): void {
    const gauge = (name: string, help: string, label: "buffer" | "detector"): Gauge<string> =>
      new Gauge({ name, help, labelNames: [label], registers });
    const rows = gauge("iotmon_buffer_rows", "Rows in the buffer.", "buffer");
    const rate = gauge("iotmon_alarm_rate", "Anomalous share of the scored readings.", "detector");
    const scored = gauge("iotmon_scored_readings", "Scored readings.", "detector");
    this.addCollector(() => {
      for (const each of [rows, rate, scored]) each.reset();
      for (const { name, currentRows } of machine.buffers())
        rows.set({ buffer: name }, currentRows);
      for (const state of machine.detectors()) {
        scored.set({ detector: state.name }, state.scored);
        rate.set({ detector: state.name }, alarmRate(state) ?? 0);
      }
    });
  }
}
