import { MAX_TIMER_MS } from "../../io/outbox/clock.ts";

/**
 * A signal that is aborted with another signal, or after a time. `AbortSignal.any` with `AbortSignal.timeout`
 * does not work: Node holds the timeout weakly, so after a garbage collection it never fires
 * (nodejs/node#57736). Node 22 also loses a signal that comes from `any`.
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
