/** An entry of a LevelDB file. */
export interface LevelEntry {
  readonly key: string;
  /** Null: the key was deleted. */
  readonly value: Uint8Array | null;
  /** Grows with every write. */
  readonly sequence: number;
}

/** What a file of a LevelDB holds. */
export interface LevelEntries {
  readonly entries: readonly LevelEntry[];
  /** Whether entries are missing. */
  readonly isDamaged: boolean;
}
