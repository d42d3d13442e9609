import type { AlertEvent } from "../../core/alerts/alert-event.ts";
import { severityOf } from "../../core/alerts/severity.ts";
import type { ScoreColumns } from "../../core/detectors/detector.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import { TimeText } from "../../core/timestamp/time-text.ts";
import type { LivePipeline, PipelineOutput } from "../live-pipeline/live-pipeline.ts";
import type { LiveDetector } from "../live-pipeline/shape.ts";
import type { HostedBuffer } from "../registry.ts";

/** Scored rows with their cached texts. A WeakMap with many short-lived keys would be slow. */
interface RowsWithTexts extends PipelineOutput {
  texts?: RowTexts;
}

/** A detector that scores readings, with its constant texts. */
interface Scoring {
  readonly index: number;
  readonly detector: LiveDetector;
  /** `{"detector":"name","is_anomaly":` */
  readonly start: string;
}

const byShape = new WeakMap<object, readonly Scoring[]>();
const times = new TimeText();

/**
 * Results of scored rows as JSON texts, built by hand for speed. Read them before the pipeline's next append
 * but one, which overwrites the arrays.
 */
export class RowTexts {
  readonly #pipeline: LivePipeline;
  readonly #scored: PipelineOutput;
  readonly #scoring: readonly Scoring[];
  readonly #hasAlerts: boolean;
  readonly #fields: string[] = [];
  /** Key of the cached `quoted` name. */
  #sensor = -1;
  #quoted = "";
  #alerts: Map<number, readonly AlertEvent[]> | null = null;

  private constructor({ pipeline, config }: HostedBuffer, scored: PipelineOutput) {
    this.#pipeline = pipeline;
    this.#hasAlerts = config !== null && scored.output.events.length > 0; // buffers have scores only
    this.#scored = scored;
    this.#scoring = scoringOf(pipeline);
  }

  /** Returns the same object for the same rows. */
  static of(hosted: HostedBuffer, scored: RowsWithTexts): RowTexts {
    scored.texts ??= new RowTexts(hosted, scored);
    return scored.texts;
  }

  /** Number of appended rows. */
  get length(): number {
    return this.#scored.batch.length;
  }

  /** 1-based number of an appended row within its call; rejected rows count. */
  number(i: number): number {
    return this.#scored.batch.rows[i] as number;
  }

  /** Whether the row is anomalous or raised an alert message. */
  isNotable(i: number): boolean {
    const { output } = this.#scored;
    if (this.#alertsOf(i) !== undefined) return true;
    return this.#scoring.some(({ index }) => output.scores[index]?.isAnomaly[i] === 1);
  }

  /** JSON fields of an appended row, without braces. */
  fields(i: number): string {
    const known = this.#fields[i];
    if (known !== undefined) return known;
    const { batch } = this.#scored;
    const sensor = this.#sensorText(batch.keys[i] as number);
    const time = times.of(batch.timestamps[i] as number);
    const fields =
      `"sensor_id":${sensor},"timestamp":"${time}",` +
      `"scores":[${this.#scores(i)}],"alerts":[${this.#alertTexts(i)}]`;
    this.#fields[i] = fields;
    return fields;
  }

  /** Caches the last name, as rows of one sensor often come together. */
  #sensorText(key: number): string {
    if (key !== this.#sensor) {
      this.#sensor = key;
      this.#quoted = JSON.stringify(this.#pipeline.keys.name(key));
    }
    return this.#quoted;
  }

  #scores(i: number): string {
    const { scores } = this.#scored.output;
    let text = "";
    for (const { index, detector, start } of this.#scoring) {
      const { isAnomaly, anomalyScore, rawScore, p } = scores[index] as ScoreColumns;
      const score = anomalyScore[i] as number;
      const anomalous = isAnomaly[i] === 1;
      const severity = severityOf(anomalous, score, detector.alerts.severity);
      text +=
        `${text === "" ? "" : ","}${start}${anomalous},"anomaly_score":${numberText(score)}` +
        `,"raw_score":${numberText(rawScore[i] as number)},"p":${numberText(p[i] as number)}` +
        `,"severity":${severity === null ? "null" : `"${severity}"`}}`;
    }
    return text;
  }

  #alertTexts(i: number): string {
    const { detectors } = this.#pipeline.shape;
    return (this.#alertsOf(i) ?? [])
      .map(({ id, status, severity, episode }) => {
        const detector = detectors[episode.detector]?.name ?? "";
        return JSON.stringify({ id, episode: episode.id, detector, status, severity });
      })
      .join(",");
  }

  #alertsOf(i: number): readonly AlertEvent[] | undefined {
    const { events, eventRows } = this.#scored.output;
    if (!this.#hasAlerts) return undefined;
    if (this.#alerts === null) {
      this.#alerts = new Map();
      for (const [e, event] of events.entries()) {
        const row = eventRows[e] as number;
        this.#alerts.set(row, [...(this.#alerts.get(row) ?? []), event]);
      }
    }
    return this.#alerts.get(i);
  }
}

function scoringOf({ shape }: LivePipeline): readonly Scoring[] {
  const known = byShape.get(shape);
  if (known !== undefined) return known;
  const scoring = [...shape.detectors.entries()].flatMap(([index, detector]): Scoring[] => {
    if (!scoresReadings(detector.config)) return [];
    const start = `{"detector":${JSON.stringify(detector.name)},"is_anomaly":`;
    return [{ index, detector, start }];
  });
  byShape.set(shape, scoring);
  return scoring;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}
