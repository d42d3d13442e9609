import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { IotmonError } from "../../../core/errors.ts";
import { DurableStore } from "../../../durability/durable-store.ts";
import { PatientCommands } from "../../../watch/pipeline/patient-commands.ts";
import { warmUp } from "../../../watch/pipeline/warm-up.ts";
import { completeWatched, type WatchedPipeline } from "../../../watch/pipeline/watched-pipeline.ts";
import type { CliContext } from "../../context.ts";
import { type HistoryEnd, historyFrom } from "../../recordings/history.ts";
import type { OpenedRecording } from "./recording/open-recording.ts";

/** What a saved state is made of. */
export interface SaveStateRequest {
  /** State directory, as the user named it. */
  readonly state: string;
  readonly paths: readonly string[];
  readonly inputFormat: string;
  readonly rename: Readonly<Record<string, string>>;
  /** Null: the pipeline was inferred. */
  readonly file: LoadedPipeline | null;
  /** Where the replay ended. */
  readonly end: HistoryEnd;
}

/**
 * Refuses a state directory that there is, before anything is replayed.
 *
 * @throws {IotmonError} `ERR_CANT_CREATE`; `ERR_USAGE` for stdin, which can't be read twice.
 */
export async function checkSaveState(
  state: string,
  paths: readonly string[],
  { cwd }: CliContext,
): Promise<void> {
  if (paths.includes("-")) {
    throw new IotmonError("ERR_USAGE", "--save-state reads recordings once more: name files", {
      hint: "Write stdin to a file first",
    });
  }
  const entries = await readdir(resolve(cwd, state)).catch(() => []);
  if (entries.length === 0) return;
  throw new IotmonError("ERR_CANT_CREATE", "--save-state: the directory is not empty", {
    at: state,
    hint: `Name a new one, or delete it: iotmon state reset --state ${state}`,
  });
}

/**
 * Takes recordings through their pipeline once more, into a state directory that `watch` goes on with.
 *
 * @returns Readings that it has seen.
 */
export async function saveState(
  request: SaveStateRequest,
  { readings, inferred }: OpenedRecording,
  context: CliContext,
): Promise<number> {
  const { state, paths, inputFormat, rename, file, end } = request;
  const stem = readings.first.stem;
  const name = file?.name ?? inferred?.pipeline.name ?? stem;
  const pipeline = file === null ? inferredPipeline(inferred) : completeFile(file, readings, stem);
  const keeper = await DurableStore.open(resolve(context.cwd, state), {
    durability: "interval",
    report: (_, text) => void context.stderr.write(`${text}\n`),
  });
  try {
    const { machine } = keeper;
    const commands = new PatientCommands(keeper, (text) => void context.stderr.write(`${text}\n`));
    await commands.put(name, pipeline);
    const history = historyFrom(paths, stem, { format: inputFormat, rename }, context, end);
    return (
      (await warmUp(history, {
        machine: machine,
        commands: commands,
        name,
        signal: context.signal,
      })) ?? 0
    );
  } finally {
    await keeper.close();
  }
}

function completeFile(
  file: LoadedPipeline,
  { profile }: OpenedRecording["readings"],
  stem: string,
): WatchedPipeline {
  const isDeclared = file.config.buffer.schema !== undefined;
  return completeWatched(file, isDeclared ? null : profile, stem);
}

function inferredPipeline(inferred: OpenedRecording["inferred"]): WatchedPipeline {
  if (inferred === null) throw new RangeError("There is no pipeline");
  const { document, pipeline } = inferred;
  return { config: { ...pipeline.config, sinks: [] }, document };
}
