/** One feature's part in a score. */
export interface Contribution {
  readonly feature: string;
  readonly value: number | null;
  readonly typical: number | null;
  readonly usual_range: readonly (number | null)[];
  readonly direction: "low" | "high" | null;
  readonly share: number | null;
}
