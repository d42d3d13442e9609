/** Readings by detection and label. */
export interface AlarmCounts {
  readonly hits: number;
  readonly falseAlarms: number;
  readonly misses: number;
  readonly quiet: number;
}

/** Counts of readings, labels 0 or 1. */
export function countAlarms(alarms: Uint8Array, labels: Uint8Array): AlarmCounts {
  const counts = { hits: 0, falseAlarms: 0, misses: 0, quiet: 0 };
  alarms.forEach((alarm, i) => {
    const isAnomalous = labels[i] === 1;
    if (alarm === 1) counts[isAnomalous ? "hits" : "falseAlarms"] += 1;
    else counts[isAnomalous ? "misses" : "quiet"] += 1;
  });
  return counts;
}

/** Counts of several recordings together. */
export function poolCounts(all: readonly AlarmCounts[]): AlarmCounts {
  const sum = (name: keyof AlarmCounts): number => all.reduce((n, counts) => n + counts[name], 0);
  return {
    hits: sum("hits"),
    falseAlarms: sum("falseAlarms"),
    misses: sum("misses"),
    quiet: sum("quiet"),
  };
}

/** Harmonic mean of precision and recall; NaN without anomalies and alarms. */
export function f1({ hits, falseAlarms, misses }: AlarmCounts): number {
  return (2 * hits) / (2 * hits + falseAlarms + misses);
}

/** F1 of an alarm at every reading: the baseline for any detector. */
export function f1OfAlwaysAlarming({ hits, falseAlarms, misses, quiet }: AlarmCounts): number {
  return f1({ hits: hits + misses, falseAlarms: falseAlarms + quiet, misses: 0, quiet: 0 });
}

/** False-alarm rate (FAR): share of the normal readings that alarm. */
export function falseAlarmRate({ falseAlarms, quiet }: AlarmCounts): number {
  return falseAlarms / (falseAlarms + quiet);
}

/** Missing-alarm rate (MAR): share of the anomalous readings that do not alarm. */
export function missingAlarmRate({ hits, misses }: AlarmCounts): number {
  return misses / (misses + hits);
}
