/** Longest time that a timer of Node can wait, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A signal that is aborted with another one, or after a time. `AbortSignal.timeout` would say it shorter, but what
 * `AbortSignal.any` makes holds its parts weakly: once memory has been collected such a timeout never
 * fires (nodejs/node#57736), and the program waits for ever. A timer holds what it aborts.
 *
 * @param ms Longer than about 25 days: no limit. Does not keep the process alive.
 */
export function signalWithin(signal: AbortSignal, ms: number): AbortSignal {
  if (ms > MAX_TIMER_MS) return signal;
  const late = new AbortController();
  const reason = new DOMException("the time is over", "TimeoutError");
  setTimeout(() => late.abort(reason), ms).unref();
  return AbortSignal.any([signal, late.signal]);
}
