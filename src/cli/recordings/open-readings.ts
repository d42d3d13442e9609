import type { DecodeOptions } from "../../io/decoders/decode-context.ts";
import { Readings } from "../../io/readings.ts";
import { expandInputs, type InputPlace } from "../../io/sources/inputs/expand-inputs.ts";

/** How recordings are read. */
export interface RecordingOptions {
  /** As for `openRecording`. */
  readonly format: string;
  readonly decode: DecodeOptions;
}

/**
 * Opens recordings as one stream of readings, and reads their columns.
 *
 * @param paths Files, globs, `-` for stdin.
 * @throws {IotmonError} As `expandInputs` and `Readings.open`.
 */
export async function openReadings(
  paths: readonly string[],
  { format, decode }: RecordingOptions,
  place: InputPlace,
): Promise<Readings> {
  return Readings.open(await expandInputs(paths, place), format, decode, place.blocking);
}
