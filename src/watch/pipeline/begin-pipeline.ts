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

/** What a pipeline begins from. */
export interface BeginSetup {
  readonly hub: StateMachine;
  readonly changes: PatientCommands;
  readonly name: string;
  /** Null: the one that the hub has, else one that is inferred. */
  readonly file: LoadedPipeline | null;
  readonly sources: readonly WatchedSource[];
  /** Ms of a steady clock. */
  now(): number;
  /** Resolves when lines have come, or waiting for more has been long enough. */
  news(): Promise<void>;
  note(level: "info" | "warn", text: string): void;
}

/**
 * Puts the pipeline that is to be watched into the hub, once enough is known of it.
 *
 * @returns False: the sources ended before it was.
 * @throws {IotmonError} `ERR_DATA` when nothing can be made of the lines, `ERR_CONFIG` when the pipeline
 * does not fit them.
 */
export async function beginPipeline(setup: BeginSetup): Promise<boolean> {
  const { hub, name, file, sources } = setup;
  if (file === null && hub.pipelines().includes(name)) return true;
  if (file !== null && file.config.buffer.schema !== undefined) {
    await put(completeWatched(file, null, name), setup);
    return true;
  }
  // what was found out before holds on: a stream that goes on has no header
  const stored = hub.pipelines().includes(name) ? sources.map((source) => source.stored) : [null];
  const before = stored.flatMap((format) => format?.profile ?? []);
  if (file !== null && before.length === stored.length) {
    await put(completeWatched(file, mergeProfiles(before), stemOf(setup)), setup);
    return true;
  }
  while (!isKnown(sources, setup.now())) {
    if (sources.every(({ feed }) => feed.isEnded && feed.waiting === 0)) return false;
    await setup.news();
  }
  const profile = mergeProfiles(sources.flatMap(({ format }) => format?.profile ?? []));
  const stem = stemOf(setup);
  if (file !== null) await put(completeWatched(file, profile, stem), setup);
  else {
    const { assumptions, ...inferred } = inferWatched(profile, stem);
    setup.note("info", `no pipeline given, assumed: ${assumptions.join("; ")}`);
    await put(inferred, setup);
  }
  return true;
}

function stemOf({ sources, name }: BeginSetup): string {
  return sources[0]?.feed.source.stem ?? name;
}

/** Whether it is known how all sources are written, but for those that say nothing. */
function isKnown(sources: readonly WatchedSource[], now: number): boolean {
  const unknown = sources.filter((source) => !source.look(now));
  return unknown.length < sources.length && unknown.every(({ feed }) => feed.waiting === 0);
}

async function put(pipeline: WatchedPipeline, setup: BeginSetup): Promise<void> {
  const { hub, name, changes, note } = setup;
  const isChange = hub.pipelines().includes(name);
  const { reset, kept, warnings } = await changes.put(name, pipeline);
  for (const { message } of warnings) note("warn", message);
  if (!isChange || reset.length === 0) return;
  note("warn", `the pipeline has changed, begins anew: ${reset.join(", ")}`);
  if (kept.length > 0) note("info", `goes on as it was: ${kept.join(", ")}`);
}
