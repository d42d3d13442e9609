import { type PostContext, Poster, type PostSettings } from "../http/poster.ts";
import type { OutboundMessage, Outcome, Sink } from "../sink.ts";
import { alertsOf } from "./alerts.ts";

/** Settings of an `alertmanager` sink. */
export interface AlertmanagerSettings extends PostSettings {
  readonly name: string;
  /** After this time without a message, Alertmanager takes an episode for resolved. */
  readonly expiresAfterMs: number;
}

const ALERTS_PATH = "api/v2/alerts";

/** Keeps the alerts of a Prometheus Alertmanager in step with the episodes. */
export class AlertmanagerSink implements Sink {
  readonly name: string;
  readonly #expiresAfterMs: number;
  readonly #poster: Poster;
  readonly #context: PostContext;

  /** @param settings Its `url` is that of Alertmanager itself, as a browser shows it. */
  constructor(settings: AlertmanagerSettings, context: PostContext) {
    this.name = settings.name;
    this.#expiresAfterMs = settings.expiresAfterMs;
    this.#context = context;
    this.#poster = new Poster({ ...settings, url: alertsUrl(settings.url) }, context);
  }

  deliver({ body }: OutboundMessage, signal: AbortSignal): Promise<Outcome> {
    const alerts = alertsOf(body, this.#context.now(), this.#expiresAfterMs);
    return this.#poster.post(JSON.stringify(alerts), {}, signal);
  }

  close(): Promise<void> {
    return this.#poster.close();
  }
}

function alertsUrl(address: string): string {
  const url = new URL(address);
  if (!url.pathname.endsWith(`/${ALERTS_PATH}`)) {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${ALERTS_PATH}`;
  }
  return url.href;
}
