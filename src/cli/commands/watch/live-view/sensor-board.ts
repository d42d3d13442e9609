import { SEVERITIES } from "../../../../core/alerts/severity.ts";
import { isScored, type ScoreColumns } from "../../../../core/detectors/detector.ts";
import { scoresReadings } from "../../../../core/detectors/registry.ts";
import type { ScoredRows } from "../../../../service/effects.ts";
import type { LivePipeline } from "../../../../service/live-pipeline/live-pipeline.ts";
import type { HostedBuffer } from "../../../../service/registry.ts";
import type { RowAlert } from "../../../../watch/watch-listener.ts";
import type { SensorLine, ShownState } from "./sensor-line.ts";
import { MAX_BARS, SensorTrack } from "./sensor-track.ts";

interface Shown {
  readonly track: SensorTrack;
  state: ShownState;
}

/** Keeps what a live view shows of the sensors of a pipeline. */
export class SensorBoard {
  #hosted: HostedBuffer | null = null;
  #sensors: Shown[] = [];
  /** Keys whose state may have changed. */
  readonly #changed = new Set<number>();
  #newestAt = Number.NEGATIVE_INFINITY;

  /** Event time of the newest row, ms; -Infinity without rows. */
  get newestAt(): number {
    return this.#newestAt;
  }

  /** Reads the recent rows of a pipeline, if it is a new one. @returns Whether it is. */
  show(hosted: HostedBuffer): boolean {
    const isNew = this.#hosted?.pipeline !== hosted.pipeline;
    this.#hosted = hosted;
    if (!isNew) return false;
    const { pipeline } = hosted;
    this.#sensors = [];
    this.#changed.clear();
    this.#newestAt = pipeline.watermark;
    for (let key = 0; key < pipeline.keys.size; key++) this.#recall(pipeline, key);
    return true;
  }

  /** Adds scored rows. */
  rows(hosted: HostedBuffer, { batch, output }: ScoredRows, alerts: readonly RowAlert[]): void {
    if (!this.show(hosted)) {
      const columns = batch.columns.length;
      for (let row = 0; row < batch.length; row++) {
        const key = batch.keys[row] as number;
        const { track } = this.#sensor(key, columns);
        for (let c = 0; c < columns; c++) {
          const value = batch.columns[c]?.[row] ?? Number.NaN;
          if (!Number.isNaN(value)) track.values[c] = value;
        }
        track.add(batch.eventTimes[row] as number, largestScore(output.scores, row));
      }
      this.#newestAt = hosted.pipeline.watermark;
    }
    for (let row = 0; row < batch.length; row++) this.#changed.add(batch.keys[row] as number);
    this.due(hosted, alerts);
  }

  /** Adds alerts, with or without rows. */
  due(hosted: HostedBuffer, alerts: readonly RowAlert[]): void {
    this.show(hosted);
    const { keys } = hosted.pipeline;
    for (const { body } of alerts) {
      const key = keys.find(body.sensor_id);
      if (key < 0) continue;
      this.#changed.add(key);
      this.#newestAt = Math.max(this.#newestAt, Date.parse(body.timestamp));
    }
  }

  /** All sensors: the worst first, then those with the newest alarm, then in order of appearance. */
  lines(): readonly SensorLine[] {
    const hosted = this.#hosted;
    if (hosted === null) return [];
    const { keys, plan, alarms } = hosted.pipeline;
    for (const key of this.#changed) {
      this.#sensor(key, plan.columns.length).state = stateOf(hosted.pipeline, key);
    }
    this.#changed.clear();
    const units = plan.columns.map((name) => hosted.config?.buffer.columns?.[name]?.unit ?? "");
    const lines = this.#sensors.map(({ track, state }, key): SensorLine => {
      const { lastAt, score, bars, values } = track;
      return {
        ...{ name: keys.name(key), state, lastAt, score, bars, alarmAt: alarms.lastAt(key) },
        today: alarms.on(key, this.#newestAt),
        values: plan.columns.flatMap((name, c) => {
          const value = values[c] as number;
          return Number.isNaN(value) ? [] : { name, value, unit: units[c] ?? "" };
        }),
      };
    });
    // a stable sort keeps equal sensors in order of appearance
    return lines.sort((a, b) => rankOf(b.state) - rankOf(a.state) || later(b, a));
  }

  #sensor(key: number, columns: number): Shown {
    for (let next = this.#sensors.length; next <= key; next++) {
      this.#sensors.push({ track: new SensorTrack(columns), state: { kind: "idle" } });
      this.#changed.add(next);
    }
    return this.#sensors[key] as Shown;
  }

  /** Reads the recent rows of a sensor. */
  #recall(pipeline: LivePipeline, key: number): void {
    const { timestamps, values, scores } = pipeline.trace(key, MAX_BARS);
    const { track } = this.#sensor(key, values.size);
    for (const [c, column] of [...values.values()].entries()) {
      track.values[c] = column.findLast((value) => value !== null) ?? Number.NaN;
    }
    for (const [row, time] of timestamps.entries()) {
      const known = [...scores.values()].flatMap((column) => column[row] ?? []);
      track.add(time, known.length === 0 ? Number.NaN : Math.max(...known));
    }
  }
}

/** The largest score of a row; NaN: not scored. */
function largestScore(scores: readonly ScoreColumns[], row: number): number {
  let largest = Number.NaN;
  for (const columns of scores) {
    if (!isScored(columns, row)) continue;
    const score = columns.anomalyScore[row] as number;
    if (!(largest >= score)) largest = score;
  }
  return largest;
}

function stateOf(pipeline: LivePipeline, key: number): ShownState {
  const statuses = pipeline.statuses(key);
  if (statuses.length === 0) return { kind: "idle" };
  const open = statuses.flatMap((status) => status.open ?? []);
  const worst = Math.max(...open.map(({ severity }) => SEVERITIES.indexOf(severity)));
  const severity = SEVERITIES[worst];
  if (severity !== undefined) {
    const { detectors } = pipeline.plan;
    const alarming = open.flatMap(({ detector }) => detectors[detector] ?? []);
    const isSilent = alarming.some(({ config }) => !scoresReadings(config));
    return { kind: isSilent ? "silent" : "alarm", severity };
  }
  if (pipeline.isAnomalous(key)) return { kind: "anomalous" };
  const [slowest] = [...statuses].sort((a, b) => b.observationsNeeded - a.observationsNeeded);
  if (slowest === undefined || slowest.observationsNeeded === 0) return { kind: "ok" };
  const { observationsSeen: seen, observationsNeeded: needed } = slowest;
  return { kind: "warming", seen, wanted: seen + needed };
}

/** The sort rank of a state. An anomalous sensor ranks as `ok`: short anomalies must not reorder the list. */
function rankOf(state: ShownState): number {
  switch (state.kind) {
    case "alarm":
    case "silent":
      return 2 + SEVERITIES.indexOf(state.severity);
    case "warming":
      return 1;
    default:
      return 0;
  }
}

function later(a: SensorLine, b: SensorLine): number {
  return a.alarmAt === b.alarmAt ? 0 : a.alarmAt - b.alarmAt;
}
