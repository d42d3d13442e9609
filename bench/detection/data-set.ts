/** One line of the results. */
export interface DetectionResult {
  readonly set: string;
  /** How much it is over: "30 files, 23,801 readings". */
  readonly over: string;
  /** Figure by name, as shown. */
  readonly figures: Readonly<Record<string, string>>;
  /** What was left out, and why, half a sentence each. */
  readonly notes: readonly string[];
}

/** Forms of the references of a detector. */
export const FORMS = ["exact", "compact"] as const;

export type Form = (typeof FORMS)[number];

/** A public benchmark that may be in the data folder. */
export interface DataSet {
  readonly name: string;
  /**
   * Scores its recordings and evaluates the scores.
   *
   * @param data The data folder.
   * @param scores Folder for the scores files, named after the recordings.
   * @param reference Form of the references.
   * @returns Null if the folder does not contain the data set.
   */
  run(data: string, scores: string, reference: Form): Promise<DetectionResult | null>;
}
