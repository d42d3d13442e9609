import { alertmanager } from "./alertmanager/alertmanager.ts";
import { console } from "./console/console.ts";
import { file } from "./file/file.ts";
import type { SinkType } from "./sink-type.ts";
import { slack } from "./slack/slack.ts";
import { webhook } from "./webhook/webhook.ts";

/** All types of sink. A new type needs one file, and one line here. */
export const sinkTypes = [console, file, webhook, alertmanager, slack] as const;

/** Name of a type of sink. */
export type SinkTypeName = (typeof sinkTypes)[number]["type"];

/** A type of sink by its name. */
export function sinkTypeOf(name: SinkTypeName): SinkType {
  return sinkTypes.find(({ type }) => type === name) as SinkType;
}
