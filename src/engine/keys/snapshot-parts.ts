import type { StatePart } from "../../core/detectors/detector.ts";
import { IotmonError } from "../../core/errors.ts";
import { StateReader } from "../../core/state-codec.ts";

/** A part of a key's state. */
export interface KeyPart extends StatePart {
  /** Parts of one unit are restored together or not at all. */
  readonly unit: string;
}

/** A saved part of a key's state. */
export interface SavedPart {
  readonly name: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** Versions of saved parts, by name. */
export type Versions = Pick<ReadonlyMap<string, number>, "get">;

/**
 * Restores the state of a key from saved parts. A unit with a missing part keeps its initial state.
 *
 * @throws {IotmonError} `ERR_STATE` if a part does not fit or is damaged.
 */
export function loadParts(
  parts: readonly KeyPart[],
  saved: readonly SavedPart[],
  keyName: string,
): void {
  const bytes = new Map(saved.map((part) => [part.name, part.bytes]));
  const incomplete = new Set(parts.filter(({ name }) => !bytes.has(name)).map(({ unit }) => unit));
  for (const part of parts) {
    const own = bytes.get(part.name);
    if (own !== undefined && !incomplete.has(part.unit)) loadPart(part, own, keyName);
  }
}

function loadPart(part: StatePart, bytes: Uint8Array, keyName: string): void {
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
