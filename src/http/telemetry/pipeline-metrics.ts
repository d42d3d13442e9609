import { Counter, Gauge, type Registry } from "prom-client";
import type { AlertEvent } from "../../core/alerts/alert-event.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import type { Command, StateListener } from "../../service/commands.ts";
import type { ScoredRows } from "../../service/effects.ts";
import type { HostedBuffer } from "../../service/registry.ts";
import type { StateMachine } from "../../service/state-machine.ts";

/** Labels of a message. */
export type AlertLabels = Readonly<Record<"pipeline" | "detector" | "severity" | "status", string>>;

/** The alerts of pipelines, and the counts of all detectors. Sensors are no labels: there may be thousands. */
export class PipelineMetrics implements StateListener {
  readonly #machine: StateMachine;
  readonly #alerts: Counter<keyof AlertLabels>;
  readonly #rate: Gauge<"pipeline" | "detector">;
  readonly #scored: Gauge<"pipeline" | "detector">;
  /** Label sets of the counter, by pipeline. */
  readonly #counted = new Map<string, AlertLabels[]>();

  constructor(machine: StateMachine, registry: Registry) {
    const registers = [registry];
    this.#machine = machine;
    this.#alerts = new Counter({
      name: "iotmon_alerts_total",
      help: "Messages about alerts, also those that no sink takes. The detector iotmon: about its running.",
      labelNames: ["pipeline", "detector", "severity", "status"],
      registers,
    });
    const labelNames = ["pipeline", "detector"] as const;
    this.#rate = new Gauge({
      name: "iotmon_alarm_rate",
      help: "Anomalous share of the scored readings. Without pipeline for a detector outside of pipelines.",
      labelNames,
      registers,
    });
    this.#scored = new Gauge({
      name: "iotmon_scored_readings",
      help: "Scored readings. Without pipeline for a detector outside of pipelines.",
      labelNames,
      registers,
    });
    machine.listen(this);
  }

  rows(hosted: HostedBuffer, { output }: ScoredRows): void {
    this.due(hosted, output.events);
  }

  due({ config, definition, pipeline }: HostedBuffer, events: readonly AlertEvent[]): void {
    if (config === null) return; // a buffer has scores only
    for (const { episode, severity, status } of events) {
      const detector = pipeline.plan.detectors[episode.detector]?.name ?? "";
      this.alert({ pipeline: definition.name, detector, severity, status });
    }
  }

  executed(command: Command): void {
    if (command.kind !== "delete_pipeline") return;
    for (const labels of this.#counted.get(command.name) ?? []) this.#alerts.remove(labels);
    this.#counted.delete(command.name);
  }

  /** Counts a message. */
  alert(labels: AlertLabels): void {
    const known = this.#counted.get(labels.pipeline) ?? [];
    if (!known.some((one) => isSame(one, labels))) known.push(labels);
    this.#counted.set(labels.pipeline, known);
    this.#alerts.inc(labels);
  }

  /** Sets the gauges. O(sensors). */
  collect(): void {
    this.#rate.reset();
    this.#scored.reset();
    const detectors = this.#machine.detectors().flatMap((one) => [one, ...one.variants]);
    for (const { name: detector, sensors } of detectors) {
      let [scored, anomalies] = [0, 0];
      for (const progress of sensors.values()) {
        scored += progress.scored;
        anomalies += progress.anomalies;
      }
      this.#set({ detector }, scored, anomalies);
    }
    for (const name of this.#machine.pipelines()) {
      const { pipeline } = this.#machine.pipeline(name);
      for (const detector of pipeline.shape.detectors) {
        if (!scoresReadings(detector.config)) continue;
        const counts = pipeline.observations.countsOf(detector);
        let [scored, anomalies] = [0, 0];
        for (let key = 0; key < pipeline.keys.size; key++) {
          scored += counts.scored(key);
          anomalies += counts.anomalies(key);
        }
        this.#set({ pipeline: name, detector: detector.name }, scored, anomalies);
      }
    }
  }

  #set(
    labels: { readonly pipeline?: string; readonly detector: string },
    scored: number,
    anomalies: number,
  ): void {
    this.#scored.set(labels, scored);
    this.#rate.set(labels, scored === 0 ? 0 : anomalies / scored);
  }
}

function isSame(a: AlertLabels, b: AlertLabels): boolean {
  return a.detector === b.detector && a.severity === b.severity && a.status === b.status;
}
