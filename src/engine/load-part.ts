import type { StatePart } from "../core/detectors/detector.ts";
import { IotmonError } from "../core/errors.ts";
import { StateReader } from "../core/state-codec.ts";

/**
 * Puts a piece of a key's state into what was saved.
 *
 * @throws {IotmonError} `ERR_STATE` when it does not fit, or is damaged.
 */
export function loadPart(part: StatePart, bytes: Uint8Array, keyName: string): void {
  try {
    const reader = new StateReader(bytes);
    part.load(reader);
    if (reader.remaining > 0) throw new RangeError(`${reader.remaining} bytes are left over`);
  } catch (cause) {
    throw new IotmonError(
      "ERR_STATE",
      `The saved ${part.name} of "${keyName}" does not fit this pipeline`,
      { cause, hint: "Start that sensor anew, or restore it with the pipeline that saved it" },
    );
  }
}
