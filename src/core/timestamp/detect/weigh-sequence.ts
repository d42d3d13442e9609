const MS_PER_HOUR = 3_600_000;

/** Largest ratio of a step to the usual step in a regular series. */
const REGULAR = 3;
/** Smallest such ratio in a series that is certainly not regular. */
const IRREGULAR = 10;
/** Minimum number of steps that show regularity. */
const MIN_STEPS = 3;
/** Data with shorter usual steps has several readings a day. */
const SEVERAL_A_DAY_MS = 18 * MS_PER_HOUR;
/** Readings once a year are less likely than readings every few days. */
const YEARLY_MS = 300 * 24 * MS_PER_HOUR;
const MONTHLY_MS = 31 * 24 * MS_PER_HOUR;
/** How much farther the times of a wrong reading run. */
const MUCH_FARTHER = 5;

/** Size of the steps between consecutive times. */
interface Steps {
  readonly count: number;
  readonly usual: number;
  readonly largest: number;
  readonly sum: number;
}

/**
 * Compares two series of times that result from reading the same cells in two ways. Wrong dates leap: what is a day
 * becomes a month.
 *
 * @returns -1: the first series is that of a clock, the second is not; 1: the reverse; 0: not certain.
 */
export function weighSequence(first: Float64Array, second: Float64Array): -1 | 0 | 1 {
  const a = stepsOf(first);
  const b = stepsOf(second);
  if (a.count === 0 || b.count === 0) return 0;
  const isRegular = ({ count, usual, largest }: Steps): boolean =>
    count >= MIN_STEPS && largest <= REGULAR * usual;
  const isLeaping = ({ usual, largest }: Steps): boolean => largest >= IRREGULAR * usual;
  if (isRegular(a) && isLeaping(b)) return -1;
  if (isRegular(b) && isLeaping(a)) return 1;
  if (a.usual <= MONTHLY_MS && b.usual >= YEARLY_MS) return -1;
  if (b.usual <= MONTHLY_MS && a.usual >= YEARLY_MS) return 1;
  if (Math.min(a.usual, b.usual) > SEVERAL_A_DAY_MS) return 0;
  if (b.sum >= MUCH_FARTHER * a.sum) return -1;
  return a.sum >= MUCH_FARTHER * b.sum ? 1 : 0;
}

function stepsOf(times: Float64Array): Steps {
  const known = times.filter((time) => !Number.isNaN(time));
  const steps: number[] = [];
  for (let i = 1; i < known.length; i++) {
    const step = Math.abs((known[i] as number) - (known[i - 1] as number));
    // sensors that share a time
    if (step > 0) steps.push(step);
  }
  steps.sort((a, b) => a - b);
  return {
    count: steps.length,
    usual: steps[Math.floor(steps.length / 2)] ?? 0,
    largest: steps.at(-1) ?? 0,
    sum: steps.reduce((sum, step) => sum + step, 0),
  };
}
