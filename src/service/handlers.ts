import type { AlertEvent, Episode } from "../core/alerts/alert-event.ts";
import type { Batch } from "../core/batch.ts";
import { timeName } from "../core/layout.ts";
import type { Buffers } from "./buffers/buffers.ts";
import { Warnings } from "./checks/warnings.ts";
import { CommandError } from "./command-error.ts";
import type { Command, CommandKind, Outcome } from "./commands.ts";
import type { Detectors } from "./detectors/detectors.ts";
import type { LivePipeline, PipelineOutput } from "./live-pipeline/live-pipeline.ts";
import type { ExecutedCall, RepeatableCall } from "./live-pipeline/repeatable-calls.ts";
import type { Pipelines } from "./pipelines/pipelines.ts";
import type { Registry } from "./registry.ts";
import { unusedRows, warnAboutUnused } from "./rows/held-rows.ts";
import type { ReadRows } from "./rows/row-object-reader.ts";
import { adoptRows } from "./rows/source-rows.ts";
import type { Scoring } from "./scoring/scoring.ts";

/** Executes each kind of command. */
export type Handlers = { readonly [K in CommandKind]: (command: Command<K>) => Outcome<K> };

/** The parts of the state machine that commands work on. */
export interface HandlerSetup {
  readonly registry: Registry;
  readonly buffers: Buffers;
  readonly detectors: Detectors;
  readonly pipelines: Pipelines;
  readonly scoring: Scoring;
}

/** Creates the handlers of all kinds of commands. */
export function createHandlers(setup: HandlerSetup): Handlers {
  const { registry, buffers, detectors, pipelines, scoring } = setup;
  /** After a change of definitions, detectors look for their buffers again. */
  const redefined = (): void => {
    registry.revision += 1;
    detectors.prepareAll();
  };
  const release = (name: string): void => detectors.release(name);
  return {
    create_buffer: ({ definition, replace }) => {
      const created = buffers.create(definition, replace, release);
      redefined();
      if (created.creation === "refused") return changed(created);
      return changed({ ...created, state: buffers.state(definition.name) });
    },
    delete_buffer: ({ name }) => {
      buffers.delete(name, release);
      redefined();
      return changed(null);
    },
    append: ({ name, rows: sent, arrivalMs, strict, once }) => {
      const hosted = registry.buffer(name);
      const { pipeline } = hosted;
      const first = once === undefined ? undefined : pipeline.calls.find(once.key, arrivalMs);
      if (once !== undefined && first !== undefined) return repeated(once, first, pipeline);
      const scored = buffers.append(name, sent, { arrivalMs, strict });
      pipeline.alarms.count(scored.output.events);
      const { rejected, ignoredColumns, warnings } = scored.read;
      if (scored.times.length > 0) {
        const column = timeName(pipeline.frame.layout) ?? "timestamp";
        warnAboutUnused(unusedRows(scored), column, warnings);
      }
      const answer = {
        rowsAppended: scored.batch.length,
        rowsRejected: rejected,
        currentRows: pipeline.buffer.rows,
        rowsEvicted: scored.evicted,
        ignoredColumns,
        warnings: warnings.list,
        warningCount: warnings.count,
        repeated: null,
      };
      if (once !== undefined) {
        const { rowsAppended, rowsRejected, rowsEvicted, warningCount } = answer;
        const counts = { rowsAppended, rowsRejected, rowsEvicted, warningCount };
        const alerts = hosted.config === null ? 0 : scored.output.events.length;
        pipeline.calls.add({ ...once, ...counts, alerts, at: arrivalMs });
      }
      return { answer, changed: true, effect: { kind: "rows", hosted, scored } };
    },
    append_batch: ({ name, source, progress, rows, quiet = false }) => {
      const hosted = registry.pipeline(name);
      const { pipeline, reader } = hosted;
      const index = pipeline.sources.update(source, progress);
      const batch = adoptRows(rows, index, pipeline.keys, reader.dictionaries);
      const rejected = rows.batch.length - batch.length;
      const read = { ...nothingRead(batch), rejected };
      const scored = { read, ...pipeline.append(batch) };
      if (quiet) return changed(null);
      pipeline.alarms.count(scored.output.events);
      return { answer: null, changed: true, effect: { kind: "rows", hosted, scored } };
    },
    put_source: ({ name, source, format }) => {
      registry.pipeline(name).pipeline.sources.update(source, { format });
      return changed(null);
    },
    define_features: ({ name, features }) => {
      const { warnings } = buffers.defineFeatures(name, features);
      redefined();
      return changed({ features: buffers.state(name).features, warnings });
    },
    create_detector: ({ definition, replace }) => {
      const created = detectors.create(definition, replace);
      redefined();
      if (created.creation === "refused") return changed(created);
      return changed({ ...created, state: scoring.state(definition.name) });
    },
    delete_detector: ({ name }) => {
      detectors.remove(name);
      redefined();
      return changed(null);
    },
    score: ({ name, ...request }) => {
      const { revision } = registry; // linking the detector to a buffer raises it
      const answer = scoring.score(name, request);
      const isChange = answer.learned || registry.revision !== revision;
      return { answer, changed: isChange, effect: null };
    },
    put_pipeline: ({ name, config, document, file }) => {
      const created = pipelines.put(name, config, document, file);
      redefined();
      return changed(created);
    },
    delete_pipeline: ({ name }) => {
      pipelines.delete(name);
      redefined();
      return changed(null);
    },
    pause: ({ name, from, to }) => {
      const hosted = registry.pipeline(name);
      const { pipeline } = hosted;
      const passed = pipeline.pause(from, to);
      if (passed === null) return changed(null);
      pipeline.alarms.count(passed.output.events);
      const scored = { read: nothingRead(passed.batch), ...passed };
      return { answer: null, changed: true, effect: { kind: "rows", hosted, scored } };
    },
    tick: ({ name, now }) => {
      const hosted = registry.pipeline(name);
      const { pipeline } = hosted;
      if (pipeline.nextTick > now) return { answer: null, changed: false, effect: null };
      const { passed, events, episodes } = pipeline.tick(now);
      pipeline.alarms.count(events);
      if (passed === null) {
        return { answer: null, changed: true, effect: { kind: "due", hosted, events, episodes } };
      }
      pipeline.alarms.count(passed.output.events);
      const scored = { read: nothingRead(passed.batch), ...withDue(passed, events, episodes) };
      return { answer: null, changed: true, effect: { kind: "rows", hosted, scored } };
    },
  };
}

/**
 * The outcome of a call that was executed before.
 *
 * @throws {CommandError} `invalid`, if its body or its query is another one.
 */
function repeated(
  { key, digest }: RepeatableCall,
  first: ExecutedCall,
  { buffer }: LivePipeline,
): Outcome<"append"> {
  if (first.digest !== digest) {
    throw new CommandError(
      "invalid",
      `the key ${key} belongs to a call with another body or query`,
      {
        hint: "Use a new key for each call, and the same one only to send a call again",
      },
    );
  }
  const { rowsAppended, rowsRejected, rowsEvicted, warningCount, alerts } = first;
  const counts = { rowsAppended, rowsRejected, rowsEvicted, warningCount };
  const state = { currentRows: buffer.rows, ignoredColumns: [], warnings: [] };
  return { answer: { ...counts, ...state, repeated: { alerts } }, changed: false, effect: null };
}

/** What was read for rows that have waited: they were read before. */
function nothingRead(batch: Batch): ReadRows {
  const none = { rejected: 0, faults: new Map(), ignoredColumns: [], ahead: [] };
  return { batch, warnings: new Warnings(), ...none };
}

/** Adds events that were due after the last row. */
function withDue(
  passed: PipelineOutput,
  events: readonly AlertEvent[],
  episodes: readonly Episode[],
): PipelineOutput {
  const { output, batch } = passed;
  return {
    ...passed,
    output: {
      ...output,
      events: [...output.events, ...events],
      eventRows: [...output.eventRows, ...events.map(() => batch.length - 1)],
      episodes: [...output.episodes, ...episodes],
    },
  };
}

function changed<T>(answer: T): { answer: T; changed: true; effect: null } {
  return { answer, changed: true, effect: null };
}
