import type { SeenInput } from "../../../config/check/examine.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { recordingPaths, recordingSource } from "../../../config/sources.ts";
import { IotmonError } from "../../../core/errors.ts";
import type { CliContext } from "../../context.ts";
import { isReadable, openReadings } from "../../recordings/open-readings.ts";

/**
 * Looks at the recording that a pipeline names.
 *
 * @returns Null when it names none, or one that is not there or of a format that can't be read.
 */
export async function seeInput(
  { config }: LoadedPipeline,
  context: CliContext,
): Promise<SeenInput | null> {
  const { source } = recordingSource(config) ?? {};
  const paths = recordingPaths(config);
  if (source === undefined || paths === null || !isReadable(source.format)) return null;
  try {
    const readings = await openReadings(paths, source, context);
    readings.close();
    return { label: readings.first.label, stem: readings.first.stem, profile: readings.profile };
  } catch (error) {
    if (error instanceof IotmonError && error.code === "ERR_NO_INPUT") return null;
    throw error;
  }
}
