import { type PostContext, Poster, type PostSettings } from "../http/poster.ts";
import type { OutboundMessage, Outcome, Sink } from "../sink.ts";
import { sign } from "./signature.ts";

const MS_PER_SECOND = 1000;

/** Settings of a `webhook` sink. */
export interface WebhookSettings extends PostSettings {
  readonly name: string;
  /** Keys that sign, the newest first; none: messages are not signed. */
  readonly keys: readonly Buffer[];
}

/** Posts messages as they are, with the headers of Standard Webhooks. */
export class WebhookSink implements Sink {
  readonly name: string;
  readonly #keys: readonly Buffer[];
  readonly #poster: Poster;
  readonly #context: PostContext;

  constructor(settings: WebhookSettings, context: PostContext) {
    this.name = settings.name;
    this.#keys = settings.keys;
    this.#context = context;
    this.#poster = new Poster(settings, context);
  }

  deliver({ body, json }: OutboundMessage, signal: AbortSignal): Promise<Outcome> {
    const timestamp = Math.floor(this.#context.now() / MS_PER_SECOND);
    const signature = sign(this.#keys, body.id, timestamp, json);
    const headers = {
      "webhook-id": body.id,
      "webhook-timestamp": `${timestamp}`,
      ...(signature === "" ? {} : { "webhook-signature": signature }),
    };
    return this.#poster.post(json, headers, signal);
  }

  close(): Promise<void> {
    return this.#poster.close();
  }
}
