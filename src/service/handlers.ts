import type { Buffers } from "./buffers/buffers.ts";
import { Warnings } from "./checks/warnings.ts";
import type { Answer, Command, CommandKind } from "./commands.ts";
import type { Detectors } from "./detectors/detectors.ts";
import type { Pipelines } from "./pipelines/pipelines.ts";
import type { HostedBuffer, Registry } from "./registry.ts";
import { unpackRows } from "./rows/source-rows.ts";
import { type Ran, RanAnswer } from "./scoring/row-results.ts";
import type { Scoring } from "./scoring/scoring.ts";
import type { StateListener } from "./state-listener.ts";

/** What a command came to. */
interface Executed<K extends CommandKind> {
  readonly answer: Answer<K>;
  /** Whether anything is different now. */
  readonly changed: boolean;
}

/** What executes each kind of command. */
export type Handlers = { readonly [K in CommandKind]: (command: Command<K>) => Executed<K> };

/** What commands are executed on. */
export interface HandlerSetup {
  readonly registry: Registry;
  readonly buffers: Buffers;
  readonly detectors: Detectors;
  readonly pipelines: Pipelines;
  readonly scores: Scoring;
  readonly listeners: ReadonlySet<StateListener>;
}

/** Handlers for all kinds of commands. */
export function createHandlers(setup: HandlerSetup): Handlers {
  const { registry, buffers, detectors, pipelines, scores, listeners } = setup;
  /** What there is may be different now, and detectors may find their buffers. */
  const defined = <T>(answer: T): { answer: T; changed: true } => {
    registry.revision += 1;
    detectors.prepareAll();
    return { answer, changed: true };
  };
  const tell = (hosted: HostedBuffer, ran: Ran): void => {
    hosted.pipeline.alarms.count(ran.output.events);
    for (const listener of listeners) listener.rows?.(hosted, ran);
  };
  const release = (name: string): void => detectors.release(name);
  return {
    create_buffer: ({ definition, replace }) => {
      const { answer } = defined(buffers.create(definition, replace, release));
      return { answer: { ...answer, state: buffers.state(definition.name) }, changed: true };
    },
    delete_buffer: ({ name }) => {
      buffers.delete(name, release);
      return defined(null);
    },
    append: ({ name, rows, arrivalMs, strict }) => {
      const ran = buffers.append(name, rows, { arrivalMs, strict });
      const hosted = registry.buffer(name);
      tell(hosted, ran);
      return { answer: new RanAnswer(hosted.pipeline, ran), changed: true };
    },
    append_batch: ({ name, source, progress, rows, quiet = false }) => {
      const hosted = registry.pipeline(name);
      const { pipeline, reader } = hosted;
      const index = pipeline.sources.update(source, progress);
      const batch = unpackRows(rows, index, pipeline.keys, reader.dictionaries);
      const read = {
        batch,
        rejected: rows.times.length - batch.length,
        ignoredColumns: [],
        warnings: new Warnings(),
      };
      const ran = { read, ...pipeline.append(batch) };
      if (!quiet) tell(hosted, ran);
      return { answer: null, changed: true };
    },
    put_source: ({ name, source, format }) => {
      registry.pipeline(name).pipeline.sources.update(source, { format });
      return { answer: null, changed: true };
    },
    define_features: ({ name, features }) => {
      const { answer } = defined(buffers.defineFeatures(name, features));
      return { answer: { ...answer, features: buffers.state(name).features }, changed: true };
    },
    create_detector: ({ definition, replace }) => {
      const { answer } = defined(detectors.create(definition, replace));
      return { answer: { ...answer, state: scores.state(definition.name) }, changed: true };
    },
    delete_detector: ({ name }) => {
      detectors.remove(name);
      return defined(null);
    },
    score: ({ name, ...request }) => {
      const { revision } = registry; // a link changes it
      const answer = scores.score(name, request);
      return { answer, changed: answer.learned || registry.revision !== revision };
    },
    put_pipeline: ({ name, config, document, file }) =>
      defined(pipelines.put(name, config, document, file)),
    delete_pipeline: ({ name }) => {
      pipelines.delete(name);
      return defined(null);
    },
    pause: ({ name, from, to }) => {
      registry.pipeline(name).pipeline.pause(from, to);
      return { answer: null, changed: true };
    },
    tick: ({ name, now }) => {
      const hosted = registry.pipeline(name);
      const due = hosted.pipeline.deadline <= now;
      if (due) {
        const { events, episodes } = hosted.pipeline.tick(now);
        hosted.pipeline.alarms.count(events);
        for (const listener of listeners) listener.due?.(hosted, events, episodes);
      }
      return { answer: null, changed: due };
    },
  };
}
