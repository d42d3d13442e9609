import { type PostContext, Poster, type PostSettings } from "../http/poster.ts";
import type { OutboundMessage, Outcome, Sink } from "../sink.ts";
import { slackMessage } from "./slack-message.ts";

/** Settings of a `slack` sink; its `url` is that of an incoming webhook. */
export interface SlackSettings extends PostSettings {
  readonly name: string;
}

/** Posts messages to a channel of Slack, or of what understands the same (Mattermost, Rocket.Chat). */
export class SlackSink implements Sink {
  readonly name: string;
  readonly #poster: Poster;

  constructor(settings: SlackSettings, context: PostContext) {
    this.name = settings.name;
    this.#poster = new Poster(settings, context, errorCode);
  }

  deliver({ body }: OutboundMessage, signal: AbortSignal): Promise<Outcome> {
    return this.#poster.post(JSON.stringify(slackMessage(body)), {}, signal);
  }

  close(): Promise<void> {
    return this.#poster.close();
  }
}

/** Slack answers failures with a word such as `invalid_payload`; nothing else is fit to be shown. */
function errorCode(answer: string): string | null {
  return /^[a-z]+(_[a-z]+){1,6}$/.exec(answer.trim().slice(0, 60))?.[0] ?? null;
}
