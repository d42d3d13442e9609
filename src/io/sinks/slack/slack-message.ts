import { visibleText } from "../../../core/visible-text.ts";
import type { AlertBody } from "../../messages/alert-schema.ts";
import { spanText } from "../../messages/span-text.ts";

/** A message for Slack's incoming webhooks: a line for notifications, and blocks beside a coloured bar. */
export interface SlackMessage {
  readonly text: string;
  readonly attachments: readonly [
    { readonly color: string; readonly blocks: readonly SlackBlock[] },
  ];
}

/** https://docs.slack.dev/reference/block-kit/blocks */
type SlackBlock =
  | { readonly type: "section"; readonly text: MarkdownText }
  | { readonly type: "context"; readonly elements: readonly MarkdownText[] };

interface MarkdownText {
  readonly type: "mrkdwn";
  readonly text: string;
}

const COLORS = { info: "#8a9099", warning: "#e8a317", critical: "#d0342c" } as const;
const RESOLVED_COLOR = "#2f9e5b";

// Slack allows 3000 characters of text per block
const MAX_TEXT = 2900;
const MAX_NAME = 300;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Converts a message for Slack, within the length limits of Slack. */
export function slackMessage(body: AlertBody): SlackMessage {
  const { status, severity } = body;
  const color = status === "resolved" ? RESOLVED_COLOR : COLORS[severity];
  const title = `*${heading(body)}* · ${escaped(body.sensor_id, MAX_NAME)}`;
  const blocks: readonly SlackBlock[] = [
    { type: "section", text: markdown(escaped(body.explanation.summary, MAX_TEXT)) },
    { type: "context", elements: [markdown(escaped(facts(body).join(" · "), MAX_TEXT))] },
  ];
  return { text: title, attachments: [{ color, blocks }] };
}

function heading({ status, severity, previous_severity: before }: AlertBody): string {
  if (status === "resolved") return `Resolved (${severity})`;
  const name = severity === "info" ? "Info" : severity === "warning" ? "Warning" : "Critical";
  if (status === "escalated") return `${name}, was ${before ?? "milder"}`;
  return status === "repeated" ? `Still ${severity}` : name;
}

function facts(body: AlertBody): string[] {
  const { started_at: start, resolved_at: end, suppressed, labels } = body;
  const lasted = end === null ? Number.NaN : Date.parse(end) - Date.parse(start);
  return [
    `${body.pipeline} / ${body.detector}`,
    end === null ? `since ${start}` : `${start}, lasted ${spanText(lasted)}`,
    ...(suppressed > 0 ? [`${suppressed} suppressed before`] : []),
    ...Object.entries(labels).map(([name, value]) => `${name}: ${value}`),
  ];
}

function markdown(text: string): MarkdownText {
  return { type: "mrkdwn", text };
}

/** Escapes a text for Slack and cuts it to a length, but never within an entity. */
function escaped(text: string, most: number): string {
  let plain = "";
  for (const character of visibleText(text)) {
    const next = ENTITIES[character] ?? character;
    if (plain.length + next.length >= most) return `${plain}…`;
    plain += next;
  }
  return plain;
}
