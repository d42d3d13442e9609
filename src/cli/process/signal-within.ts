import { MAX_TIMER_MS } from "../../io/outbox/clock.ts";

/**
 * A signal that is aborted with another one, or after a time. `AbortSignal.any` with `AbortSignal.timeout`
 * would say it shorter, but Node holds the timeout weakly: once memory has been collected it
 * never fires (nodejs/node#57736), and the program waits for ever. On Node 22 it also forgets a signal that was
 * itself made by `any`, so this is none of those.
 *
 * @param ms Longer than {@link MAX_TIMER_MS}: no limit. Does not keep the process alive.
 */
export function signalWithin(signal: AbortSignal, ms: number): AbortSignal {
  const controller = new AbortController();
  const abort = (reason: unknown): void => controller.abort(reason);
  const late = new DOMException("the time is over", "TimeoutError");
  const timer = ms > MAX_TIMER_MS ? undefined : setTimeout(abort, ms, late).unref();
  const follow = (): void => {
    clearTimeout(timer);
    abort(signal.reason);
  };
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true, signal: controller.signal });
  return controller.signal;
}
