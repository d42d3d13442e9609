import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { StateMachine } from "../../service/state-machine.ts";
import { alarmRate } from "../json/to-json.ts";

/** Sets gauges just before they are read. */
export type Collector = (registry: Registry) => void;

const SCORE_SECONDS = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 1];

/** What Prometheus is told. Each server has its own registry. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #collectors: Collector[] = [];
  readonly #readings: Counter<"buffer">;
  readonly #rejected: Counter<"buffer">;
  readonly #scoreSeconds: Histogram<"detector">;
  readonly #requests: Counter<"method" | "route" | "status">;

  constructor(hub: StateMachine) {
    const registers = [this.#registry];
    this.#readings = new Counter({
      name: "iotmon_readings_total",
      help: "Rows taken in.",
      labelNames: ["buffer"],
      registers,
    });
    this.#rejected = new Counter({
      name: "iotmon_rejected_cells_total",
      help: "Cells of rows that could not be used as they were.",
      labelNames: ["buffer"],
      registers,
    });
    this.#scoreSeconds = new Histogram({
      name: "iotmon_score_seconds",
      help: "Time to score one observation, catching up included.",
      labelNames: ["detector"],
      buckets: SCORE_SECONDS,
      registers,
    });
    this.#requests = new Counter({
      name: "iotmon_http_requests_total",
      help: "Requests answered, by route and status.",
      labelNames: ["method", "route", "status"],
      registers,
    });
    collectDefaultMetrics({ register: this.#registry }); // event loop delay, heap, CPU
    this.#addHub(hub, registers);
  }

  /** Content type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Rows came in. */
  appended(buffer: string, rows: number, rejectedCells: number): void {
    this.#readings.inc({ buffer }, rows);
    this.#rejected.inc({ buffer }, rejectedCells);
  }

  /** A buffer is gone: it makes no series any more. */
  forgetBuffer(buffer: string): void {
    this.#readings.remove({ buffer });
    this.#rejected.remove({ buffer });
  }

  /** A detector is gone: it makes no series any more. */
  forgetDetector(detector: string): void {
    this.#scoreSeconds.remove({ detector });
  }

  /** An observation was scored. */
  scored(detector: string, seconds: number): void {
    this.#scoreSeconds.observe({ detector }, seconds);
  }

  /** A request was answered. @param route Its pattern, so that names do not make series. */
  answered(method: string, route: string, status: number): void {
    this.#requests.inc({ method, route, status });
  }

  /**
   * Adds numbers that others know, such as the depth of an outbox.
   *
   * @param collector Called before every read; it may make its gauges with `registers: [registry]`
   * once, and set them then.
   */
  addCollector(collector: Collector): void {
    this.#collectors.push(collector);
  }

  /** All of it in the text format of Prometheus. */
  async text(): Promise<string> {
    for (const collect of this.#collectors) collect(this.#registry);
    return this.#registry.metrics();
  }

  #addHub(hub: StateMachine, registers: Registry[]): void {
    const gauge = (name: string, help: string, label: "buffer" | "detector"): Gauge<string> =>
      new Gauge({ name, help, labelNames: [label], registers });
    const rows = gauge("iotmon_buffer_rows", "Rows held.", "buffer");
    const rate = gauge("iotmon_alarm_rate", "Anomalous share of the scored readings.", "detector");
    const scored = gauge("iotmon_scored_readings", "Readings scored.", "detector");
    this.addCollector(() => {
      for (const each of [rows, rate, scored]) each.reset();
      for (const { name, currentRows } of hub.buffers()) rows.set({ buffer: name }, currentRows);
      for (const state of hub.detectors()) {
        scored.set({ detector: state.name }, state.scored);
        rate.set({ detector: state.name }, alarmRate(state) ?? 0);
      }
    });
  }
}
