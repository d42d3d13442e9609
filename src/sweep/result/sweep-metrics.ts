import type { LabelMetrics } from "../../backtest/metrics/label-metrics.ts";

/** A number that settings are compared by. */
interface Metric {
  /** Column heading in a table. */
  readonly title: string;
  /** NaN: undefined for these counts. */
  of(metrics: LabelMetrics): number;
  readonly better: "higher" | "lower";
}

/** The metrics that `--optimize` accepts. */
export const METRICS = {
  event_f1: { title: "event F1", of: ({ events }) => events.f1, better: "higher" },
  event_recall: { title: "event recall", of: ({ events }) => events.recall, better: "higher" },
  row_f1: { title: "row F1", of: ({ rows }) => rows.f1, better: "higher" },
  auc: { title: "AUC", of: ({ ranking }) => ranking.auc, better: "higher" },
  average_precision: {
    title: "average precision",
    of: ({ ranking }) => ranking.averagePrecision,
    better: "higher",
  },
  false_alarms: { title: "false alerts", of: ({ falseAlarms }) => falseAlarms, better: "lower" },
  delay: { title: "median delay", of: ({ events }) => events.medianDelayMs, better: "lower" },
} as const satisfies Record<string, Metric>;

/** Name of a metric. */
export type MetricName = keyof typeof METRICS;

/** Compared in this order where the chosen metric is equal. */
const TIES: readonly MetricName[] = ["event_f1", "false_alarms", "average_precision"];

/**
 * Indices of the settings from best to worst. Settings whose metric is undefined come last; equal ones
 * keep their order.
 */
export function ranked(settings: readonly LabelMetrics[], name: MetricName): number[] {
  const costs = settings.map((metrics) => [name, ...TIES].map((by) => cost(metrics, by)));
  const compare = (a: readonly number[], b: readonly number[]): number => {
    const at = a.findIndex((value, i) => value !== b[i]);
    return at < 0 ? 0 : Math.sign((a[at] as number) - (b[at] as number));
  };
  return settings
    .map((_, i) => i)
    .sort((a, b) => compare(costs[a] as number[], costs[b] as number[]) || a - b);
}

/** Lower is better; Infinity where the metric is undefined. */
function cost(metrics: LabelMetrics, name: MetricName): number {
  const { of, better }: Metric = METRICS[name];
  const value = better === "higher" ? -of(metrics) : of(metrics);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
