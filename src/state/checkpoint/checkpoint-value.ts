/** A named piece of state. */
export interface CheckpointValue {
  /** Any text, `key/bench-1/windows`. */
  readonly name: string;
  /** The owner's number for this content: the same version, the same bytes. */
  readonly version: number;
  readonly bytes: Uint8Array;
}
