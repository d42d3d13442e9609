import { type AlertmanagerSettings, AlertmanagerSink } from "./alertmanager/alertmanager.ts";
import { type ConsoleContext, type ConsoleSettings, ConsoleSink } from "./console/console.ts";
import { type FileSettings, FileSink } from "./file/file.ts";
import type { PostContext } from "./http/poster.ts";
import type { Sink } from "./sink.ts";
import { type SlackSettings, SlackSink } from "./slack/slack.ts";
import { type WebhookSettings, WebhookSink } from "./webhook/webhook.ts";

/** What sinks need of the program. */
export interface SinkContext extends PostContext, ConsoleContext {}

/** Settings of each type of sink. */
export interface SinkSettings {
  readonly console: ConsoleSettings;
  readonly file: FileSettings;
  readonly webhook: WebhookSettings;
  readonly alertmanager: AlertmanagerSettings;
  readonly slack: SlackSettings;
}

/** A type of sink, by the name that pipeline files use. */
export type SinkType = keyof SinkSettings;

/** All types of sink. */
export const sinkTypes: {
  readonly [Type in SinkType]: (settings: SinkSettings[Type], context: SinkContext) => Sink;
} = {
  console: (settings, context) => new ConsoleSink(settings, context),
  file: (settings) => new FileSink(settings),
  webhook: (settings, context) => new WebhookSink(settings, context),
  alertmanager: (settings, context) => new AlertmanagerSink(settings, context),
  slack: (settings, context) => new SlackSink(settings, context),
};
