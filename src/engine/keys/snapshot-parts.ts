import type { StatePart } from "../../core/detectors/detector.ts";
import { IotmonError } from "../../core/errors.ts";
import { StateReader } from "../../core/state-codec.ts";

/** A part of a key's state. */
export interface KeyPart extends StatePart {
  /** Parts of one unit are restored together or not at all. */
  readonly unit: string;
}

/**
 * Restores a part of a key's state.
 *
 * @throws {IotmonError} `ERR_STATE` if the bytes do not fit or are damaged.
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
