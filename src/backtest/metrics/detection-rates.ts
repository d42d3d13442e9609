/** Quality of a classification into anomalous and normal. NaN for a rate of zero cases. */
export interface DetectionRates {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** False positives among the normal readings. */
  readonly falseAlarmRate: number;
}

/** The rates of a confusion matrix. */
export function detectionRates(
  truePositives: number,
  falsePositives: number,
  falseNegatives: number,
  trueNegatives: number,
): DetectionRates {
  return {
    precision: truePositives / (truePositives + falsePositives),
    recall: truePositives / (truePositives + falseNegatives),
    f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    falseAlarmRate: falsePositives / (falsePositives + trueNegatives),
  };
}
