// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the user writes this syntax
import { address, openPoster, postFields } from "../posting/post-settings.ts";
import { sinkType } from "../sink-type.ts";

/** Posts messages to a channel of Slack, or of a compatible service (Mattermost, Rocket.Chat). */
export const slack = sinkType({
  type: "slack",
  title: "Slack",
  gets: "a line with the reasons",
  use: "people; also Mattermost and Rocket.Chat",
  fields: {
    url: address.describe('Address of an incoming webhook, which is a secret: "${SLACK_URL}".'),
    ...postFields,
  },
  secrets: { url: "secret-address", headers: "headers" },
  target: "network",
  async create(settings, context) {
    const poster = await openPoster(settings, context, errorCode);
    const { slackMessage } = await import("./slack-message.ts");
    return {
      name: settings.name,
      deliver: ({ body }, signal) => poster.post(JSON.stringify(slackMessage(body)), {}, signal),
      close: () => poster.close(),
    };
  },
});

/** Slack answers failures with a word such as `invalid_payload`; other texts are not shown. */
function errorCode(answer: string): string | null {
  return /^[a-z]+(_[a-z]+){1,6}$/.exec(answer.trim().slice(0, 60))?.[0] ?? null;
}
