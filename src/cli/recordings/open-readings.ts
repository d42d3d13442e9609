import { IotmonError } from "../../core/errors.ts";
import { FORMAT_NAMES } from "../../io/decoders/registry.ts";
import { Readings } from "../../io/readings.ts";
import { expandInputs, type InputPlace } from "../../io/sources/inputs/expand-inputs.ts";

/** How recordings are read. */
export interface RecordingOptions {
  /** As for `openRecording`. */
  readonly format: string;
  /** Name in the input to name in the pipeline. */
  readonly rename: Readonly<Record<string, string>>;
}

/** Whether recordings of this format are supported. */
export function isReadable(format: string): boolean {
  return format === "auto" || FORMAT_NAMES.some((name) => name === format);
}

/**
 * Opens recordings as one stream of readings, and reads their columns.
 *
 * @param paths Files, globs, `-` for stdin.
 * @throws {IotmonError} `ERR_USAGE` for an unsupported format; otherwise as `expandInputs` and
 * `Readings.open`.
 */
export async function openReadings(
  paths: readonly string[],
  { format, rename }: RecordingOptions,
  place: InputPlace,
): Promise<Readings> {
  if (!isReadable(format)) {
    throw new IotmonError("ERR_USAGE", `recordings of format "${format}" can't be read`, {
      hint: `Formats are: auto, ${FORMAT_NAMES.join(", ")}`,
    });
  }
  return Readings.open(await expandInputs(paths, place), format, { rename });
}
