import type { StatePart } from "../core/detectors/detector.ts";

/** A piece of a key's state. */
export interface KeyPart extends StatePart {
  /** Pieces of one unit make sense only together. */
  readonly unit: string;
}
