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

/** A public benchmark that may be in the data folder. */
export interface DataSet {
  readonly name: string;
  /**
   * Scores what there is of it and evaluates the scores.
   *
   * @param data The data folder.
   * @param scores Folder that the scores files go to, under the names of the recordings.
   * @returns Null when the folder has none of it.
   */
  run(data: string, scores: string): Promise<DetectionResult | null>;
}
