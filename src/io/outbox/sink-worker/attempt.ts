import { formatDuration } from "../../../core/units/duration.ts";
import type { AlertBody } from "../../messages/alert-schema.ts";
import type { Outcome, Sink } from "../../sinks/sink.ts";
import type { Clock } from "../clock.ts";

/** Who makes an attempt, and how long it may take. */
interface AttemptSetup {
  readonly sink: Sink;
  readonly clock: Clock;
  /** Longest time of one attempt, ms. */
  readonly timeoutMs: number;
}

/**
 * Makes one attempt to deliver a message. Never rejects. Resolves soon after an abort, whatever the sink does.
 *
 * @param json The message.
 */
export async function attempt(
  json: string,
  { sink, clock, timeoutMs }: AttemptSetup,
  controller: AbortController,
): Promise<Outcome> {
  const { signal } = controller;
  const reason = `no answer within ${formatDuration(timeoutMs)}`;
  const stopTimer = clock.after(timeoutMs, () => {
    controller.abort(new DOMException(reason, "TimeoutError"));
  });
  const cut = new Promise<Outcome>((resolve) => {
    signal.addEventListener("abort", () => {
      // the own outcome of the sink takes precedence
      setImmediate(() => resolve({ kind: "retry", reason: (signal.reason as Error).message }));
    });
  });
  try {
    const body = JSON.parse(json) as AlertBody;
    return await Promise.race([sink.deliver({ body, json }, signal), cut]);
  } catch (error) {
    // a bug of the sink must not lose the message; its error text may hold secrets
    return { kind: "retry", reason: `the sink threw ${(error as Error).name}` };
  } finally {
    stopTimer();
  }
}
