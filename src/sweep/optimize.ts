import type { LabelMetrics } from "../backtest/label-metrics.ts";

/** Something that settings are compared by. */
interface Metric {
  /** As it stands in a table. */
  readonly title: string;
  /** NaN: nothing to tell. */
  of(metrics: LabelMetrics): number;
  readonly better: "higher" | "lower";
}

/** What `--optimize` may name. */
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

/** In what follows the chosen metric where that is equal: fewer false alerts, then the better ranking. */
const TIES: readonly MetricName[] = ["event_f1", "false_alarms", "average_precision"];

/**
 * The settings from the best to the worst, as indices; those of which there is nothing to tell come last,
 * and equal ones stay in their order.
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

/** The lower the better; Infinity where there is nothing to tell. */
function cost(metrics: LabelMetrics, name: MetricName): number {
  const { of, better }: Metric = METRICS[name];
  const value = better === "higher" ? -of(metrics) : of(metrics);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
