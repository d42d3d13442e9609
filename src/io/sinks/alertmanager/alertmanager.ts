import { duration } from "../../setting-values.ts";
import { address, openPoster, postFields } from "../posting/post-settings.ts";
import { sinkType } from "../sink-type.ts";

const ALERTS_PATH = "api/v2/alerts";
const TEST_EXPIRES_MS = 300_000;

/** Keeps the alerts of a Prometheus Alertmanager in step with the episodes. */
export const alertmanager = sinkType({
  type: "alertmanager",
  title: "Alertmanager",
  gets: "firing, escalated and resolved alerts",
  use: "teams with Prometheus",
  fields: {
    url: address.describe("Address of a Prometheus Alertmanager, e.g. http://localhost:9093."),
    expires_after: duration
      .refine((ms) => ms >= 60_000, { error: "must be at least 1m" })
      .prefault("24h")
      .describe("Alertmanager resolves an episode after this time without a message, at least 1m."),
    ...postFields,
  },
  secrets: { url: "address", headers: "headers" },
  target: "network",
  testSettings: { expires_after: TEST_EXPIRES_MS },
  expiresAfterMs: ({ expires_after: ms }) => ms,
  async create(settings, context) {
    const poster = await openPoster({ ...settings, url: alertsUrl(settings.url) }, context);
    const { alertsOf } = await import("./alerts.ts");
    return {
      name: settings.name,
      deliver({ body }, signal) {
        const alerts = alertsOf(body, context.now(), settings.expires_after);
        return poster.post(JSON.stringify(alerts), {}, signal);
      },
      close: () => poster.close(),
    };
  },
});

/** The URL of the alerts API of an Alertmanager. @param address As a browser shows it. */
function alertsUrl(address: string): string {
  const url = new URL(address);
  if (!url.pathname.endsWith(`/${ALERTS_PATH}`)) {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${ALERTS_PATH}`;
  }
  return url.href;
}
