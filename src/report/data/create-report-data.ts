import type { LabelMetrics } from "../../backtest/metrics/label-metrics.ts";
import { advise } from "../../backtest/result/advice.ts";
import type { BacktestResult, SensorTotals } from "../../backtest/result/backtest-result.ts";
import { type ReadBody, resultBody } from "../../backtest/result/result-body.ts";
import type { SeriesCollector } from "../../backtest/thinning/series-collector.ts";
import type { ReadingBuffer } from "../../buffer/reading-buffer.ts";
import { detectorRule, scoresReadings } from "../../core/detectors/registry.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { TimeDisplay } from "../../core/timestamp/time-display.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { timeCode } from "./encode.ts";
import { episodesData } from "./episodes-data.ts";
import type { ReportData, ReproductionData } from "./report-data.ts";
import { seriesData } from "./series-data.ts";

/** Limit for the data, characters; with scripts and style, the file stays below 1 MB. */
const MAX_CHARACTERS = 850_000;
/** Maximum number of missed events listed. */
const MAX_MISSED = 200;
/** Characters reserved for charts. */
const MIN_FOR_CHARTS = 200_000;

/** The inputs of a report. */
export interface ReportParts {
  readonly plan: EnginePlan;
  readonly keys: KeyTable;
  readonly result: BacktestResult;
  readonly buffer: ReadingBuffer;
  readonly read: ReadBody;
  readonly series: SeriesCollector;
  /** Name of the label column; null: none. */
  readonly label: string | null;
  /** How times are shown. */
  readonly times: TimeDisplay;
  /** The pipeline as YAML, without secrets. */
  readonly settings: string;
  readonly reproduction: ReproductionData;
}

/** The data of a report, limited to fit one file. */
export function createReportData(parts: ReportParts): ReportData {
  const { plan, keys, result, read, series, label, times, settings, reproduction } = parts;
  const { episodes } = result;
  const begins = [result.from, ...episodes.map(({ startedAt }) => startedAt)];
  const ends = [result.to, ...episodes.flatMap((e) => [e.resolvedAt, e.lastAnomalyAt])];
  const time = timeCode(
    extreme(begins, (a, b) => a < b),
    extreme(ends, (a, b) => a > b),
  );
  const places = new Map(result.sensors.map(({ key }, place) => [key, place]));
  const {
    episodes: _,
    columns: __,
    sensors: ___,
    ...facts
  } = resultBody(
    { ...result, episodes: [], labels: result.labels.map(shortLists) },
    read,
    [],
    plan,
    keys,
  );
  const small = {
    result: facts,
    label,
    advice: advise(parts),
    columns: plan.columns,
    time,
    zone: times.name,
    detectors: plan.detectors.map(({ name, config, inputNames }, d) => ({
      name,
      rule: detectorRule(config),
      inputs: inputNames,
      distribution: scoresReadings(config) ? [...(series.counts[d] ?? [])] : [],
    })),
    episodes: episodesData(episodes, plan, keys, (key) => places.get(key) ?? 0, time),
    settings,
    reproduction,
  };
  const named = result.sensors.reduce((sum, { name }) => sum + name.length + 100, 0);
  const room = MAX_CHARACTERS - JSON.stringify(small).length - named;
  const shape = {
    columns: plan.columns.length,
    detectors: plan.detectors.length,
    hasLabels: label !== null,
  };
  const ranked = result.sensors.toSorted(bySensorRank);
  const charted = ranked.flatMap(({ key }) => series.sensors[key] ?? []);
  const drawn = seriesData(charted, shape, Math.max(MIN_FOR_CHARTS, room), time);
  return {
    ...small,
    sensors: result.sensors.map(({ key, name, readings, anomalies, alerts }) => {
      const thinned = series.sensors[key];
      const data = thinned === undefined ? null : (drawn.get(thinned) ?? null);
      return { name, readings, anomalies, alerts, series: data };
    }),
  };
}

/** Drops false alerts, which are among the alerts, and keeps the missed events with the highest peaks. */
function shortLists(metrics: LabelMetrics): LabelMetrics {
  const missedEvents = [...metrics.missedEvents]
    .sort((a, b) => b.peakScore - a.peakScore || a.startedAt - b.startedAt)
    .slice(0, MAX_MISSED);
  return { ...metrics, falseAlerts: [], missedEvents };
}

/** Sensors with the most alerts first, then those with the most anomalies. */
function bySensorRank(a: SensorTotals, b: SensorTotals): number {
  return b.alerts - a.alerts || b.anomalies - a.anomalies || a.key - b.key;
}

/** The smallest or largest number, ignoring NaN; NaN without numbers. */
function extreme(numbers: readonly number[], isBetter: (a: number, b: number) => boolean): number {
  return numbers.reduce(
    (best, one) => (Number.isNaN(best) || isBetter(one, best) ? one : best),
    Number.NaN,
  );
}
