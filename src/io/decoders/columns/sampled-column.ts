import type { ColumnProfile } from "../input-profile.ts";

/** A sampled column. */
export interface SampledColumn {
  readonly name: string;
  /** Whether the input does not name it. */
  readonly nameless: boolean;
  /** Cells as written; an empty cell is missing. */
  readonly cells: readonly string[];
}

/** A column profile, and what only remarks need. */
export interface RatedColumn extends ColumnProfile {
  /** Whether a comma or dot in its numbers may be the decimal mark or group thousands. */
  readonly isDoubtful: boolean;
  /** As in `ColumnStats`. */
  readonly placeholders: ReadonlyMap<string, number>;
}

/** A sampled column with its profile. */
export interface ProfiledColumn extends SampledColumn {
  readonly profile: RatedColumn;
}
