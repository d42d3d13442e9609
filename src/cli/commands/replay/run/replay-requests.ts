import type { LoadedPipeline } from "../../../../config/loaded-pipeline.ts";
import { recordingPaths } from "../../../../config/sources.ts";
import { IotmonError } from "../../../../core/errors.ts";
import { expandInputs, type InputPlace } from "../../../../io/sources/expand-inputs.ts";
import type { ReplayFlags, ReplaySettings } from "../replay-options.ts";
import type { RecordingRequest } from "./recording-request.ts";

/** One replay, and where an inferred pipeline goes. */
export interface ReplayRequest extends RecordingRequest {
  readonly writePipeline: string | null;
}

/** A part of a file name that stands for the recording's own, with `--each`. */
const STEM = "{stem}";

/**
 * The replays that a command line asks for: one, or with `--each` one a recording.
 *
 * @param files Recordings as named; none: those that the pipeline names.
 * @throws {IotmonError} `ERR_USAGE` when there is no recording, or several would write one file;
 * otherwise as `expandInputs`.
 */
export async function replayRequests(
  files: readonly string[],
  pipeline: LoadedPipeline | null,
  flags: ReplayFlags,
  settings: ReplaySettings,
  place: InputPlace,
): Promise<readonly ReplayRequest[]> {
  const paths = pathsToReplay(files, pipeline);
  const request = requestOf(paths, pipeline, flags, settings);
  return flags.each === true ? separately(request, place) : [request];
}

/**
 * The recordings that were named, or else those that the pipeline itself names.
 *
 * @throws {IotmonError} `ERR_USAGE` when there are none.
 */
export function pathsToReplay(
  files: readonly string[],
  pipeline: LoadedPipeline | null,
): readonly string[] {
  if (files.length > 0) return files;
  const named = pipeline === null ? null : recordingPaths(pipeline.config);
  if (named !== null) return named;
  throw new IotmonError("ERR_USAGE", "no recording to replay", {
    hint: "Name a file, or - for stdin: iotmon replay history.csv",
  });
}

function requestOf(
  paths: readonly string[],
  pipeline: LoadedPipeline | null,
  flags: ReplayFlags,
  { from, to, limit, speed, workers, rejectLimit }: ReplaySettings,
): ReplayRequest {
  return {
    paths,
    pipeline,
    inputFormat: flags.inputFormat,
    labels: flags.labels,
    ...{ from, to, limit, speed, workers, rejectLimit },
    scores: flags.scores ?? null,
    report: flags.report ?? null,
    keepSuppressed: flags.format === "json" || flags.format === "csv" || flags.report !== undefined,
    features: flags.features === true,
    rejects: flags.rejects ?? null,
    writePipeline: flags.writePipeline ?? null,
  };
}

async function separately(
  request: ReplayRequest,
  place: InputPlace,
): Promise<readonly ReplayRequest[]> {
  const inputs = await expandInputs(request.paths, place);
  const { scores, rejects, report, writePipeline } = request;
  if (inputs.length > 1) {
    requireOwnNames(
      [scores, rejects, report, writePipeline],
      new Set(inputs.map(({ stem }) => stem)).size,
      inputs.length,
    );
  }
  return inputs.map((input) => {
    const own = (file: string | null): string | null => file?.replaceAll(STEM, input.stem) ?? null;
    return {
      ...request,
      paths: [input.label],
      scores: own(scores),
      rejects: own(rejects),
      report: own(report),
      writePipeline: own(writePipeline),
    };
  });
}

function requireOwnNames(files: readonly (string | null)[], stems: number, inputs: number): void {
  for (const file of files) {
    if (file === null) continue;
    if (!file.includes(STEM)) {
      throw new IotmonError("ERR_USAGE", `with --each, several recordings would write ${file}`, {
        hint: `Put ${STEM} into the name: it stands for the recording's own name`,
      });
    }
    if (stems < inputs) {
      throw new IotmonError("ERR_USAGE", `two recordings of the same name would write ${file}`, {
        hint: "Replay them in two runs",
      });
    }
  }
}
