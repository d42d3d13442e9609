import type { Outcome } from "./sink.ts";

/** What became of an attempt that was aborted before it was through. */
export function aborted(signal: AbortSignal): Outcome {
  const { name } = signal.reason as { readonly name?: string };
  return { kind: "retry", reason: name === "TimeoutError" ? "not done in time" : "stopped" };
}
