/**
 * The score of the Numenta Anomaly Benchmark: A. Lavin and S. Ahmad, "Evaluating Real-Time Anomaly
 * Detection Algorithms: the Numenta Anomaly Benchmark", ICMLA 2015. An early detection in a labelled
 * window counts more than a late one, a false alarm shortly after a window costs less than one far from
 * any, and only the best detection of a window counts. 0: no detections; 100: every window is detected at
 * its first reading, without false alarms.
 *
 * @module
 */

/** Weights of detections, misses and false alarms in an application profile. */
export interface NabProfile {
  readonly hit: number;
  readonly miss: number;
  readonly falseAlarm: number;
}

/** The profiles of the benchmark: equal weights, expensive false alarms, expensive misses. */
export const NAB_PROFILES = {
  standard: { hit: 1, miss: 1, falseAlarm: 0.11 },
  low_FP: { hit: 1, miss: 1, falseAlarm: 0.22 },
  low_FN: { hit: 1, miss: 2, falseAlarm: 0.11 },
} as const satisfies Record<string, NabProfile>;

/** One recording with its scores. */
export interface NabRecording {
  readonly scores: Float64Array;
  /** First and last reading of each labelled window, in order, not overlapping. */
  readonly windows: readonly (readonly [first: number, last: number])[];
  /** Readings at the start that do not count. */
  readonly probation: number;
}

/** The best result of one threshold for all recordings. */
export interface NabResult {
  readonly score: number;
  /** Scores at or above it are detections; Infinity: none are. */
  readonly threshold: number;
}

/** A reading and its worth as a detection. */
interface Point {
  readonly score: number;
  readonly worth: number;
  /** Number of its window over all recordings; -1: outside of windows. */
  readonly window: number;
}

/** After this many widths of the window before it, a false alarm costs its whole weight. */
const FARTHEST = 3;

/** The benchmark's scaled sigmoid: +1 far to the left, 0 at 0, -1 far to the right. */
function sigmoid(y: number): number {
  return 2 / (1 + Math.exp(5 * y)) - 1;
}

/** Worth of a detection at the first reading of a window; scales all others. */
const LARGEST = sigmoid(-1);

/** Worth of detecting reading `i`, in (0, 1] inside of windows and in [-1, 0] outside. */
export function nabWorth(i: number, windows: NabRecording["windows"]): number {
  let worth = -1;
  for (const [first, last] of windows) {
    if (i < first) break;
    const width = last - first + 1;
    if (i <= last) return sigmoid(-(last - i + 1) / width) / LARGEST;
    const distance = (i - last) / (width - 1);
    worth = distance > FARTHEST ? -1 : sigmoid(distance);
  }
  return worth;
}

/**
 * The score of a profile with its best threshold, one for all recordings. A window entirely in the
 * probation counts neither as missed nor as found. O(n log n) over all readings.
 */
export function nabScore(recordings: readonly NabRecording[], profile: NabProfile): NabResult {
  const points = judgedPoints(recordings).sort((a, b) => b.score - a.score);
  const windows = recordings.reduce((sum, recording) => sum + recording.windows.length, 0);
  const gained = new Map<number, number>();
  for (const { window } of points) if (window >= 0) gained.set(window, -profile.miss);
  let total = -profile.miss * gained.size;
  let best: NabResult = { score: total, threshold: Number.POSITIVE_INFINITY };
  points.forEach(({ score, worth, window }, i) => {
    if (window < 0) {
      total += worth * profile.falseAlarm;
    } else {
      const before = gained.get(window) as number;
      const now = Math.max(before, worth * profile.hit);
      gained.set(window, now);
      total += now - before;
    }
    const isLastOfScore = points[i + 1]?.score !== score;
    if (isLastOfScore && total > best.score) best = { score: total, threshold: score };
  });
  const nothing = -profile.miss * windows;
  const perfect = profile.hit * windows;
  return { ...best, score: (100 * (best.score - nothing)) / (perfect - nothing) };
}

/** Every reading that counts, of all recordings. */
function judgedPoints(recordings: readonly NabRecording[]): Point[] {
  const points: Point[] = [];
  let before = 0;
  for (const { scores, windows, probation } of recordings) {
    for (let i = probation; i < scores.length; i++) {
      const own = windows.findIndex(([first, last]) => i >= first && i <= last);
      points.push({
        score: scores[i] as number,
        worth: nabWorth(i, windows),
        window: own < 0 ? -1 : before + own,
      });
    }
    before += windows.length;
  }
  return points;
}
