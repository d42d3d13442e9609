import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { withoutReceivers } from "../../../config/schema/pipeline.ts";
import { decodeOptions, recordingSource } from "../../../config/sources.ts";
import { IotmonError } from "../../../core/errors.ts";
import { DurableStore } from "../../../durability/durable-store.ts";
import { PatientCommands } from "../../../watch/pipeline/patient-commands.ts";
import { warmUp } from "../../../watch/pipeline/warm-up.ts";
import { completeWatched, type WatchedPipeline } from "../../../watch/pipeline/watched-pipeline.ts";
import type { CliContext } from "../../context.ts";
import { timesGiven } from "../../options/time-options.ts";
import { historyFrom } from "../../recordings/history.ts";
import { plural } from "../../render/format.ts";
import type { OpenedRecording } from "./recording/open-recordings.ts";
import type { ReplayRequest } from "./run/replay-requests.ts";

/**
 * Rejects a directory that is not empty, before the replay starts.
 *
 * @throws {IotmonError} `ERR_CANT_CREATE`; `ERR_USAGE` for stdin, which can't be read twice.
 */
export async function checkSaveState(
  state: string,
  paths: readonly string[],
  { cwd }: CliContext,
): Promise<void> {
  if (paths.includes("-")) {
    throw new IotmonError(
      "ERR_USAGE",
      "--save-state reads the recordings twice, and stdin can be read only once",
      {
        hint: "Save it to a file and name the file",
      },
    );
  }
  const entries = await readdir(resolve(cwd, state)).catch(() => []);
  if (entries.length === 0) return;
  throw new IotmonError("ERR_CANT_CREATE", "--save-state: the directory is not empty", {
    at: state,
    hint: `Name a new one, or delete it: iotmon state reset --state ${state}`,
  });
}

/**
 * Runs the recordings of a replay again, into a state directory from which `watch` continues.
 *
 * @param state The directory, as the user named it.
 */
export async function saveState(
  state: string,
  { paths, pipeline: file, options }: ReplayRequest,
  { readings, inferred }: OpenedRecording,
  context: CliContext,
): Promise<void> {
  const { stem } = readings.first;
  const name = file?.name ?? inferred?.pipeline.name ?? stem;
  const pipeline = file === null ? inferredPipeline(inferred) : completeFile(file, readings);
  const source = file === null ? undefined : recordingSource(file.config)?.source;
  const { format: ownFormat = "auto" } = source ?? {};
  const format = options.inputFormat === "auto" ? ownFormat : options.inputFormat;
  const log = (text: string): void => void context.stderr.write(`${text}\n`);
  const store = await DurableStore.open(resolve(context.cwd, state), {
    durability: "interval",
    report: (_, text) => log(text),
  });
  try {
    const { machine } = store;
    const commands = new PatientCommands(store, log);
    await commands.put(name, pipeline);
    const history = historyFrom(
      paths,
      stem,
      { format, decode: decodeOptions(source, timesGiven(options), file?.config.buffer) },
      context,
      options,
    );
    const count = await warmUp(history, { machine, commands, name, signal: context.signal });
    await store.checkpoint(); // `watch` is to start fast
    if (!options.quiet) {
      const next = `\`iotmon watch --state ${state}\` continues from there`;
      log(`saved in ${state} what was learned from ${plural(count ?? 0, "reading")}; ${next}`);
    }
  } finally {
    await store.close();
  }
}

function completeFile(
  file: LoadedPipeline,
  { profile, first }: OpenedRecording["readings"],
): WatchedPipeline {
  const isDeclared = file.config.buffer.schema !== undefined;
  return completeWatched(file, isDeclared ? null : profile, first);
}

function inferredPipeline(inferred: OpenedRecording["inferred"]): WatchedPipeline {
  if (inferred === null) throw new RangeError("There is no pipeline");
  const { document, pipeline } = inferred;
  return { config: withoutReceivers(pipeline.config), document };
}
