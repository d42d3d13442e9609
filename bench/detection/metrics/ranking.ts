/** Quality of the ranking of anomalous readings above normal ones. */
export interface RankingQuality {
  /** Chance that an anomalous reading scores higher than a normal one, equal scores counted half. */
  readonly auc: number;
  /** Average precision: precision at each distinct score, weighted by the recall it adds. */
  readonly averagePrecision: number;
}

/**
 * AUC and average precision, exact with equal scores. O(n log n).
 *
 * @param labels 0 or 1; the results are NaN if all are equal.
 */
export function rankingQuality(scores: Float64Array, labels: Uint8Array): RankingQuality {
  const order = Uint32Array.from(scores.keys()).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number),
  );
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  let [hits, falseAlarms, concordant, precisionSum] = [0, 0, 0, 0];
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] as number] as number;
    let end = start;
    let added = 0;
    while (end < order.length && scores[order[end] as number] === score) {
      added += labels[order[end] as number] as number;
      end += 1;
    }
    const addedFalse = end - start - added;
    concordant += addedFalse * (hits + added / 2);
    hits += added;
    falseAlarms += addedFalse;
    precisionSum += (added * hits) / (hits + falseAlarms);
    start = end;
  }
  return {
    auc: concordant / (positives * negatives),
    averagePrecision: precisionSum / positives,
  };
}
