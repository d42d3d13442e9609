import { STATUS_CODES } from "node:http";
import type { Outcome } from "../sink.ts";
import { retryAfterMs } from "./retry-after.ts";
import { hostOf } from "./secret-url.ts";

const RETRIED = new Set([408, 425, 429]);
const GONE = 410;

/** What a receiver answered. */
export interface Answer {
  readonly status: number;
  /** Values of headers by name in lower case. */
  header(name: string): string | undefined;
  /** What the body says about a failure, in a few words; null when it says nothing fit to be shown. */
  readonly detail: string | null;
}

/**
 * What an answer means: 2xx is delivered; 408, 425, 429 and 5xx may work later; 410 switches the sink
 * off; any other 4xx is final.
 *
 * A redirect is not followed, as a signed message must go to nobody but the address in the pipeline.
 * It is tried again, since what answers 3xx is often not the receiver at all but the login page of
 * a network that the device is not yet part of.
 *
 * @param url Where the message was posted to.
 * @param now ms since epoch.
 */
export function outcomeOf(answer: Answer, url: URL, now: number): Outcome {
  const { status, detail } = answer;
  const said = `answered ${status} ${STATUS_CODES[status] ?? ""}`.trim();
  if (status >= 200 && status < 300) return { kind: "delivered", detail: said };
  const reason = detail === null ? said : `${said}: ${detail}`;
  if (status === GONE) return { kind: "gone", reason };
  if (status >= 400 && status < 500 && !RETRIED.has(status)) return { kind: "rejected", reason };
  const redirect = status >= 300 && status < 400;
  const patience = retryAfterMs(answer.header("retry-after"), answer.header("date"), now);
  return {
    kind: "retry",
    reason: redirect ? `${said}${pointsTo(answer.header("location"), url)}` : reason,
    ...(patience === undefined ? {} : { retryAfterMs: patience }),
  };
}

function pointsTo(location: string | undefined, url: URL): string {
  const host = location === undefined ? null : hostOf(location, url);
  if (host === null) return "; redirects are not followed";
  const where = host === url.host ? "another address on the same host" : host;
  return `, which points to ${where}; redirects are not followed`;
}
