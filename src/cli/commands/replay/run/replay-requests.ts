import type { LoadedPipeline } from "../../../../config/loaded-pipeline.ts";
import { recordingPaths } from "../../../../config/sources.ts";
import { IotmonError } from "../../../../core/errors.ts";
import { expandInputs, type InputPlace } from "../../../../io/sources/inputs/expand-inputs.ts";
import type { ReplayOptions } from "../options.ts";

/** One replay. */
export interface ReplayRequest {
  readonly paths: readonly string[];
  /** Null: infer one. */
  readonly pipeline: LoadedPipeline | null;
  /** In file names, `{stem}` is replaced. */
  readonly options: ReplayOptions;
}

/** With `--each`, placeholder in a file name for the name of the recording. */
const STEM = "{stem}";

/**
 * The replays of a command line: one, or with `--each` one per recording.
 *
 * @param files Recordings from the command line; empty: those that the pipeline names.
 * @throws {IotmonError} `ERR_USAGE` without a recording, or when several would write the same file; as `expandInputs`.
 */
export async function replayRequests(
  files: readonly string[],
  pipeline: LoadedPipeline | null,
  options: ReplayOptions,
  place: InputPlace,
): Promise<readonly ReplayRequest[]> {
  const paths = pathsToReplay(files, pipeline);
  const request = { paths, pipeline, options };
  return options.each ? separately(request, place) : [request];
}

/**
 * The recordings that the command line names, else those of the pipeline.
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

async function separately(
  request: ReplayRequest,
  place: InputPlace,
): Promise<readonly ReplayRequest[]> {
  const inputs = await expandInputs(request.paths, place);
  const { scores, rejects, report, writePipeline } = request.options;
  if (inputs.length > 1) {
    requireOwnNames(
      [scores, rejects, report, writePipeline],
      new Set(inputs.map(({ stem }) => stem)).size,
      inputs.length,
    );
  }
  return inputs.map((input) => {
    const own = (file: string | undefined) => file?.replaceAll(STEM, input.stem);
    const files = {
      scores: own(scores),
      rejects: own(rejects),
      report: own(report),
      writePipeline: own(writePipeline),
    };
    return { ...request, paths: [input.label], options: { ...request.options, ...files } };
  });
}

function requireOwnNames(
  files: readonly (string | undefined)[],
  stems: number,
  inputs: number,
): void {
  for (const file of files) {
    if (file === undefined) continue;
    if (!file.includes(STEM)) {
      throw new IotmonError("ERR_USAGE", `with --each, several recordings would write ${file}`, {
        hint: `Put ${STEM} into the name: it is replaced by the name of the recording`,
      });
    }
    if (stems < inputs) {
      throw new IotmonError("ERR_USAGE", `two recordings of the same name would write ${file}`, {
        hint: "Replay them in two runs",
      });
    }
  }
}
