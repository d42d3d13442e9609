/**
 * The sample of `samples[low..high)` nearest to their mean, 0 if there is none; only rows where both
 * columns are there count. O(high - low).
 */
export function centralSample(
  samples: Float64Array,
  others: Float64Array,
  low: number,
  high: number,
): number {
  let base = Number.NaN;
  let sum = 0;
  let count = 0;
  for (let i = low; i < high; i++) {
    const x = samples[i] as number;
    if (Number.isNaN(x) || Number.isNaN(others[i])) continue;
    if (count === 0) base = x;
    sum += x - base;
    count += 1;
  }
  if (count === 0) return 0;
  const mean = base + sum / count;
  let nearest = base;
  let distance = Math.abs(base - mean);
  for (let i = low; i < high; i++) {
    const x = samples[i] as number;
    if (Math.abs(x - mean) < distance && !Number.isNaN(others[i])) {
      nearest = x;
      distance = Math.abs(x - mean);
    }
  }
  return nearest;
}
