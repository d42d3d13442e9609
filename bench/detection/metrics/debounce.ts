/**
 * Keeps a score only if it is larger than each of the `rest` scores before it, else returns 0, as alerts
 * with a rest period do. O(n), by a queue of the scores that can still be the largest.
 */
export function debounce(scores: Float64Array, rest: number): Float64Array {
  const kept = new Float64Array(scores.length);
  const candidates = new Uint32Array(scores.length);
  let [head, tail] = [0, 0];
  scores.forEach((score, i) => {
    while (head < tail && (candidates[head] as number) < i - rest) head += 1;
    const largest =
      head < tail ? (scores[candidates[head] as number] as number) : Number.NEGATIVE_INFINITY;
    kept[i] = score > largest ? score : 0;
    while (tail > head && (scores[candidates[tail - 1] as number] as number) <= score) tail -= 1;
    candidates[tail] = i;
    tail += 1;
  });
  return kept;
}
