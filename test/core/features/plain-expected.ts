const HOUR = 3_600_000;

/** The feature `expected` of every row, from all rows before it. NaN is missing. O(rows^2). */
export function plainExpected(xs: readonly number[], times: readonly number[]): number[] {
  const errors: { part: number; day: number; week: number }[] = [];
  return xs.map((x, i) => {
    if (Number.isNaN(x)) return Number.NaN;
    const past = { xs: xs.slice(0, i), times: times.slice(0, i) };
    const time = times[i] as number;
    const day = usual(past, time, HOUR / 2, 48, 14);
    const week = usual(past, time, HOUR, 168, 4);
    const part = Math.floor(time / (HOUR / 2));
    const finished = errors.filter((error) => error.part < part);
    const takesWeek = lateError(finished, "week") < 0.9 * lateError(finished, "day");
    errors.push({ part, day: Math.abs(x - day), week: Math.abs(x - week) });
    if (Number.isNaN(week)) return x - day;
    return x - (takesWeek || Number.isNaN(day) ? week : day);
  });
}

interface Past {
  readonly xs: readonly number[];
  readonly times: readonly number[];
}

function usual(past: Past, time: number, partMs: number, parts: number, kept: number): number {
  const place = time / partMs;
  const part = Math.floor(place);
  const own = medianOf(past, part, part, partMs, parts, kept);
  const side = place - part < 0.5 ? -1 : 1;
  const neighbour = medianOf(past, part + side, part, partMs, parts, kept);
  const share = Math.abs(place - part - 0.5);
  return Number.isNaN(neighbour) ? own : own * (1 - share) + neighbour * share;
}

/** Median of the means of the newest `kept` parts before `now` that are whole periods from `part`. */
function medianOf(
  { xs, times }: Past,
  part: number,
  now: number,
  partMs: number,
  parts: number,
  kept: number,
): number {
  const byPart = new Map<number, number[]>();
  for (const [i, time] of times.entries()) {
    const of = Math.floor(time / partMs);
    if (of >= now || (of - part) % parts !== 0 || Number.isNaN(xs[i])) continue;
    byPart.set(of, [...(byPart.get(of) ?? []), xs[i] as number]);
  }
  const means = [...byPart.values()].map((all) => all.reduce((a, b) => a + b, 0) / all.length);
  if (means.length < 3) return Number.NaN;
  const sorted = means.slice(-kept).sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] as number) + (sorted[Math.ceil(half) - 1] as number)) / 2;
}

/** Mean error of the half hours so far in which both periods had a usual value, newer ones with more weight. */
function lateError(
  errors: readonly { part: number; day: number; week: number }[],
  name: "day" | "week",
): number {
  let mean = Number.NaN;
  for (const part of new Set(errors.map((error) => error.part))) {
    const both = errors.filter((error) => error.part === part && error.day + error.week >= 0);
    if (both.length === 0) continue;
    const next = both.reduce((sum, error) => sum + error[name], 0) / both.length;
    mean = Number.isNaN(mean) ? next : mean + (next - mean) / 336;
  }
  return mean;
}
