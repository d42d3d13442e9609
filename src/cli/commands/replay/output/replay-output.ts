import {
  EPISODE_FIELDS,
  episodeBody,
  resultBody,
} from "../../../../backtest/result/result-body.ts";
import { csvCell } from "../../../../backtest/scores/scores-lines.ts";
import type { AlertEvent } from "../../../../core/alerts/alert-event.ts";
import { alertBody } from "../../../../io/messages/alert-body.ts";
import type { CliContext } from "../../../context.ts";
import { createChalk } from "../../../render/color.ts";
import { widthOf, writeResult } from "../../../render/stream.ts";
import type { ReplayOptions } from "../options.ts";
import type { OpenedRecording } from "../recording/open-recordings.ts";
import type { RecordingOutcome } from "../run/replay-recording.ts";
import { renderReplay } from "./replay-report.ts";

/** Writes replays to standard output: `start`, `events` and `finish` for each replay, then `end`. */
export interface ReplayOutput {
  start(recording: OpenedRecording): void;
  events(events: readonly AlertEvent[]): Promise<void>;
  finish(outcome: RecordingOutcome): Promise<void>;
  end(): Promise<void>;
}

/** Creates the output of the format in the options. */
export function createReplayOutput(options: ReplayOptions, context: CliContext): ReplayOutput {
  return outputs[options.format](options, context);
}

const outputs: Record<ReplayOptions["format"], typeof createReplayOutput> = {
  table: tableOutput,
  json: jsonOutput,
  jsonl: jsonLinesOutput,
  csv: csvOutput,
};

const nothing = {
  start: () => {},
  events: async () => {},
  end: async () => {},
};

function tableOutput(options: ReplayOptions, context: CliContext): ReplayOutput {
  const { stdout, env, signal } = context;
  const color = createChalk(stdout, env, options.color);
  let shown = 0;
  return {
    ...nothing,
    async finish(outcome) {
      const text = renderReplay(outcome, { options, color, width: widthOf(stdout) });
      await writeResult(stdout, shown++ === 0 ? text : `\n${text}`, signal);
    },
  };
}

/** One document, or with `--each` a list of documents. */
function jsonOutput({ each: several }: ReplayOptions, context: CliContext): ReplayOutput {
  const documents: unknown[] = [];
  return {
    ...nothing,
    async finish(outcome) {
      documents.push(outcomeBody(outcome));
    },
    async end() {
      const value = several ? documents : documents[0];
      if (value !== undefined) {
        await writeResult(context.stdout, `${JSON.stringify(value, null, 2)}\n`, context.signal);
      }
    },
  };
}

/** A replayed recording as `--format json` shows it. */
export function outcomeBody(outcome: RecordingOutcome): Record<string, unknown> {
  const { result, read, buffer, pipeline, keys } = outcome;
  return resultBody(result, read, buffer.describe(), pipeline.plan, keys);
}

/** One line per message, as soon as it is due: the bodies that live modes send. */
function jsonLinesOutput(_: ReplayOptions, context: CliContext): ReplayOutput {
  let current: OpenedRecording | null = null;
  return {
    ...nothing,
    start(recording) {
      current = recording;
    },
    async events(events) {
      if (current === null || events.length === 0) return;
      const { pipeline, keys } = current;
      const lines = events.map((event) => JSON.stringify(alertBody(event, pipeline.plan, keys)));
      await writeResult(context.stdout, `${lines.join("\n")}\n`, context.signal);
    },
    finish: async () => {},
  };
}

/** One line per episode, after a heading. */
function csvOutput({ each: several }: ReplayOptions, context: CliContext): ReplayOutput {
  const heading = several ? ["file", ...EPISODE_FIELDS] : EPISODE_FIELDS;
  let text = `${heading.join(",")}\n`;
  return {
    ...nothing,
    async finish({ readings, pipeline, keys, result }) {
      const place = several ? [readings.labels.join(" + ")] : [];
      for (const episode of result.episodes) {
        const body = episodeBody(episode, pipeline.plan, keys);
        const cells = [...place, ...EPISODE_FIELDS.map((field) => String(body[field] ?? ""))];
        text += `${cells.map(csvCell).join(",")}\n`;
      }
      await writeResult(context.stdout, text, context.signal);
      text = "";
    },
  };
}
