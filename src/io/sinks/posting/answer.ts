import { STATUS_CODES } from "node:http";
import type { Outcome } from "../sink.ts";
import { retryAfterMs } from "./retry-after.ts";
import { hostOf } from "./secret-url.ts";

const RETRIED = new Set([408, 425, 429]);
const GONE = 410;

/** The answer of a receiver. */
export interface Answer {
  readonly status: number;
  /** Header values by lower-case name. */
  header(name: string): string | undefined;
  /** The reason of a failure from the body, in a few words; null: none that may be shown. */
  readonly detail: string | null;
}

/**
 * The outcome of an answer: 2xx is delivered; 408, 425, 429 and 5xx may work later; 410 disables the
 * sink; any other 4xx is final.
 *
 * iotmon does not follow redirects, because a signed message must only reach the address in the pipeline. It retries
 * them, because a 3xx often comes from the login page of a network, not from the receiver.
 *
 * @param url Address of the receiver.
 * @param now ms since epoch.
 */
export function outcomeOf(answer: Answer, url: URL, now: number): Outcome {
  const { status, detail } = answer;
  const answered = `answered ${status} ${STATUS_CODES[status] ?? ""}`.trim();
  if (status >= 200 && status < 300) return { kind: "delivered", detail: answered };
  const reason = detail === null ? answered : `${answered}: ${detail}`;
  if (status === GONE) return { kind: "gone", reason };
  if (status >= 400 && status < 500 && !RETRIED.has(status)) return { kind: "rejected", reason };
  const redirect = status >= 300 && status < 400;
  const waitMs = retryAfterMs(answer.header("retry-after"), answer.header("date"), now);
  return {
    kind: "retry",
    reason: redirect ? `${answered}${pointsTo(answer.header("location"), url)}` : reason,
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  };
}

function pointsTo(location: string | undefined, url: URL): string {
  const host = location === undefined ? null : hostOf(location, url);
  if (host === null) return "; redirects are not followed";
  const where = host === url.host ? "another address on the same host" : host;
  return `, which points to ${where}; redirects are not followed`;
}
