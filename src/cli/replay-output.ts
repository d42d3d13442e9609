import type { ChalkInstance } from "chalk";
import type { ResolvedPipeline } from "../config/resolve.ts";
import type { AlertEvent } from "../core/alerts/alert-event.ts";
import type { KeyTable } from "../core/key-table.ts";
import { alertBody } from "../report/alert-body.ts";
import { csvCell } from "../report/csv-cell.ts";
import { episodeBody, resultBody } from "../report/result-body.ts";
import type { CliContext } from "./context.ts";
import { renderReplay } from "./render/replay-report.ts";
import { writeResult } from "./render/write.ts";
import type { RecordingOutcome } from "./replay-recording.ts";

/** How results are shown. */
export type ReplayFormat = "table" | "json" | "jsonl" | "csv";

/** Settings of all formats. */
export interface ReplayOutputSettings {
  readonly context: CliContext;
  readonly color: ChalkInstance;
  readonly verbose: boolean;
  /** Whether several replays are shown one after the other. */
  readonly several: boolean;
  /** Alerts in a table at the most; 0: all. */
  readonly top: number;
}

/** Shows replays on standard output: `messages` as they come, then `finish`, for each; at last `end`. */
export interface ReplayOutput {
  start(pipeline: ResolvedPipeline, keys: KeyTable): void;
  messages(messages: readonly AlertEvent[]): Promise<void>;
  finish(outcome: RecordingOutcome): Promise<void>;
  end(): Promise<void>;
}

const PIPE_WIDTH = 140;

/** The output of one format. */
export function createReplayOutput(
  format: ReplayFormat,
  settings: ReplayOutputSettings,
): ReplayOutput {
  return outputs[format](settings);
}

const outputs: Record<ReplayFormat, (settings: ReplayOutputSettings) => ReplayOutput> = {
  table: tableOutput,
  json: jsonOutput,
  jsonl: jsonLinesOutput,
  csv: csvOutput,
};

const nothing = {
  start: () => {},
  messages: async () => {},
  end: async () => {},
};

function tableOutput({ context, color, verbose, top }: ReplayOutputSettings): ReplayOutput {
  let shown = 0;
  return {
    ...nothing,
    async finish({ labels, pipeline, keys, result, rejects, label, seconds, buffer }) {
      const text = renderReplay({
        title: labels.join(" + "),
        plan: pipeline.plan,
        keys,
        result,
        read: { rejected: rejects.total, reasons: rejects.counts, seconds },
        label,
        columns: verbose ? buffer.describe() : [],
        top,
        color,
        width: context.stdout.columns ?? PIPE_WIDTH,
      });
      await writeResult(context.stdout, shown++ === 0 ? text : `\n${text}`, context.signal);
    },
  };
}

/** One document; with `--each` a list of them. */
function jsonOutput({ context, several }: ReplayOutputSettings): ReplayOutput {
  const documents: unknown[] = [];
  return {
    ...nothing,
    async finish({ labels, pipeline, keys, result, rejects, buffer }) {
      const read = {
        inputs: labels,
        rejected: rejects.total,
        rejectReasons: Object.fromEntries(rejects.counts),
      };
      documents.push(resultBody(result, read, buffer.describe(), pipeline.plan, keys));
    },
    async end() {
      const value = several ? documents : documents[0];
      if (value !== undefined) {
        await writeResult(context.stdout, `${JSON.stringify(value, null, 2)}\n`, context.signal);
      }
    },
  };
}

/** One message a line, as soon as it is due: the bodies that live modes would send. */
function jsonLinesOutput({ context }: ReplayOutputSettings): ReplayOutput {
  let current: { readonly pipeline: ResolvedPipeline; readonly keys: KeyTable } | null = null;
  return {
    ...nothing,
    start(pipeline, keys) {
      current = { pipeline, keys };
    },
    async messages(messages) {
      if (current === null || messages.length === 0) return;
      const { pipeline, keys } = current;
      const lines = messages.map((event) => JSON.stringify(alertBody(event, pipeline.plan, keys)));
      await writeResult(context.stdout, `${lines.join("\n")}\n`, context.signal);
    },
    finish: async () => {},
  };
}

/** One episode a line. */
function csvOutput({ context, several }: ReplayOutputSettings): ReplayOutput {
  let header = true;
  return {
    ...nothing,
    async finish({ labels, pipeline, keys, result }) {
      const place = several ? { file: labels.join(" + ") } : {};
      const lines = result.episodes.map((episode) => {
        const body = { ...place, ...episodeBody(episode, pipeline.plan, keys) };
        const row = `${Object.values(body)
          .map((value) => csvCell(String(value ?? "")))
          .join(",")}\n`;
        if (!header) return row;
        header = false;
        return `${Object.keys(body).join(",")}\n${row}`;
      });
      await writeResult(context.stdout, lines.join(""), context.signal);
    },
  };
}
