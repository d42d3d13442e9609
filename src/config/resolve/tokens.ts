import type { LoadedPipeline } from "../loaded-pipeline.ts";
import type { Findings } from "./findings.ts";

/** Addresses that let everybody who knows them in, by the service that gives them out. */
const ADDRESSES: readonly (readonly [service: string, pattern: RegExp])[] = [
  ["Discord", /^https:\/\/(\w+\.)?discord(app)?\.com\/api\/(v\d+\/)?webhooks\/\d+\/[^$]/],
  ["Telegram", /^https:\/\/api\.telegram\.org\/bot\d+:[^$]/],
  [
    "Microsoft Teams",
    /^https:\/\/([\w-]+\.)?(webhook\.office|outlook\.office(365)?)\.com\/webhook/,
  ],
  ["Slack", /^https:\/\/hooks\.slack(-gov)?\.com\/(services|workflows|triggers)\/[^$]/],
  ["Google Chat", /^https:\/\/chat\.googleapis\.com\/v1\/spaces\/.*[?&](key|token)=[^$]/],
  ["IFTTT", /^https:\/\/maker\.ifttt\.com\/.*\/with\/key\/[^$]/],
  ["Zapier", /^https:\/\/hooks\.zapier\.com\/hooks\/[^$]/],
  ["Make", /^https:\/\/hook\.[\w.]+\.make\.com\/[^$]/],
  ["PagerDuty", /^https:\/\/events\.(eu\.)?pagerduty\.com\/(integration|x-ere)\/[^$]/],
  ["Opsgenie", /^https:\/\/api\.(eu\.)?opsgenie\.com\/.*[?&]apiKey=[^$]/],
  ["Better Stack", /^https:\/\/uptime\.betterstack\.com\/api\/v1\/heartbeat\/[^$]/],
  ["Healthchecks", /^https:\/\/hc-ping\.com\/[^$]/],
  ["Cronitor", /^https:\/\/cronitor\.link\/p\/[^$]/],
];

/** Tokens that can be recognised wherever they are; null: a JSON web token, which any service may use. */
const TOKENS: readonly (readonly [service: string | null, pattern: RegExp])[] = [
  ["GitHub", /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})/],
  ["GitLab", /\bglpat-[\w-]{20}/],
  ["Slack", /\bxox[abeprs]-[\w-]{10}/],
  ["Stripe", /\b[rs]k_(live|test)_\w{16}/],
  ["AWS", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["Google", /\bAIza[\w-]{35}/],
  ["iotmon", /\biotmon_[\w-]{43}/],
  ["SendGrid", /\bSG\.[\w-]{16,}\.[\w-]{16,}/],
  [null, /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./],
];

/**
 * Warns about addresses with a token of a known service that are written in the file instead of a variable. Other
 * secrets are faults; see `sink-faults.ts`.
 */
export function checkTokens({ document }: LoadedPipeline, findings: Findings): void {
  const { sinks, heartbeat } = (document ?? {}) as {
    readonly sinks?: unknown;
    readonly heartbeat?: { readonly url?: unknown } | null;
  };
  if (Array.isArray(sinks)) {
    for (const [i, sink] of sinks.entries()) check(["sinks", i, "url"], sink?.url, findings);
  }
  check(["heartbeat", "url"], heartbeat?.url, findings);
}

function check(path: readonly (string | number)[], url: unknown, findings: Findings): void {
  if (typeof url !== "string") return;
  const found = [...ADDRESSES, ...TOKENS].find(([, pattern]) => pattern.test(url));
  if (found === undefined) return;
  findings.warn(
    path,
    `holds a ${found[0] === null ? "JSON web token" : `token of ${found[0]}`}: everybody who reads the file can use it`,
    `Put the address into a variable of the environment: "\${ALERT_URL}"`,
  );
}
