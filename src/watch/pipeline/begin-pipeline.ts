import type { LoadedPipeline } from "../../config/loaded-pipeline.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import type { WatchedSource } from "../sources/watched-source.ts";
import type { PatientCommands } from "./patient-commands.ts";
import {
  completeWatched,
  inferWatched,
  mergeProfiles,
  type WatchedPipeline,
} from "./watched-pipeline.ts";

/** Parameters of {@link beginPipeline}. */
export interface BeginSetup {
  /** For queries; changes are commands. */
  readonly machine: StateMachine;
  readonly commands: PatientCommands;
  readonly name: string;
  /** Null: the pipeline of the state machine, else an inferred one. */
  readonly file: LoadedPipeline | null;
  readonly sources: readonly WatchedSource[];
  /** Ms of a steady clock. */
  now(): number;
  /** Resolves when lines have arrived, or a source can decide without further lines. */
  wait(): Promise<void>;
  note(level: "info" | "warn", text: string): void;
}

/**
 * Puts the watched pipeline into the state machine, once its columns are known.
 *
 * @returns False: the sources ended before that.
 * @throws {IotmonError} `ERR_DATA` when the format of the lines can't be detected, `ERR_CONFIG` when the
 * pipeline does not fit them.
 */
export async function beginPipeline(setup: BeginSetup): Promise<boolean> {
  const { machine, name, file, sources } = setup;
  const first = sources[0]?.queue.source ?? { stem: name, label: name };
  if (file === null && machine.pipelines().includes(name)) return true;
  if (file !== null && file.config.buffer.schema !== undefined) {
    await put(completeWatched(file, null, first), setup);
    return true;
  }
  // the stored format stays valid: a stream that continues has no header
  const stored = machine.pipelines().includes(name)
    ? sources.map((source) => source.stored)
    : [null];
  const before = stored.flatMap((format) => format?.profile ?? []);
  if (file !== null && before.length === stored.length) {
    await put(completeWatched(file, mergeProfiles(before), first), setup);
    return true;
  }
  while (!isKnown(sources, setup.now())) {
    if (sources.every(({ queue }) => queue.isEnded && queue.waiting === 0)) return false;
    await setup.wait();
  }
  const profile = mergeProfiles(sources.flatMap(({ format }) => format?.profile ?? []));
  if (file !== null) await put(completeWatched(file, profile, first), setup);
  else {
    const { summary, ...inferred } = inferWatched(profile, first);
    setup.note("info", `no pipeline given, assumed: ${summary}`);
    await put(inferred, setup);
  }
  return true;
}

/** Whether the format of at least one source is known, and of every source that has sent lines. */
function isKnown(sources: readonly WatchedSource[], now: number): boolean {
  const unknown = sources.filter((source) => !source.detect(now));
  return unknown.length < sources.length && unknown.every(({ queue }) => queue.waiting === 0);
}

async function put(pipeline: WatchedPipeline, setup: BeginSetup): Promise<void> {
  const { machine, name, commands, note } = setup;
  const isChange = machine.pipelines().includes(name);
  const { reset, kept, warnings } = await commands.put(name, pipeline);
  for (const { message } of warnings) note("warn", message);
  if (!isChange || reset.length === 0) return;
  note("warn", `the pipeline has changed; restarted: ${reset.join(", ")}`);
  if (kept.length > 0) note("info", `kept: ${kept.join(", ")}`);
}
