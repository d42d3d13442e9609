import type { DecodeOptions } from "../../io/decoders/decode-context.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import type { SourcePosition } from "../../io/sources/live/live-source.ts";

/** Detected line format of a source, as plain JSON. */
export interface SourceFormat {
  readonly profile: InputProfile;
  /** The settings of the source that the profile depends on. */
  readonly options: DecodeOptions;
  /** Requested format; `auto`: none. */
  readonly wanted: string;
  /** Absolute path of its file; null: not a file. */
  readonly path: string | null;
}

/** Progress of a source. */
export interface SourceProgress {
  /** Null: the start, or the source can't be read again. */
  readonly position: SourcePosition | null;
  /** Lines after `position` that were read too. */
  readonly skip: number;
  /** Rows so far, including unusable ones. */
  readonly rows: number;
}

/** State of a line source. */
export interface SourceState extends SourceProgress {
  /** Null: not detected yet. */
  readonly format: SourceFormat | null;
}

const NOTHING: SourceState = { format: null, position: null, skip: 0, rows: 0 };

/** The line sources of a pipeline, in order of appearance. */
export class SourceStates {
  readonly #states = new Map<string, SourceState>();
  #changes = 0;

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** Names of the sources; a batch's `source` is an index into them. */
  get names(): readonly string[] {
    return [...this.#states.keys()];
  }

  get(name: string): SourceState {
    return this.#states.get(name) ?? NOTHING;
  }

  /**
   * Name of a source: the known name of its file, however the path is written now; else its label; else its
   * path, if another file has that label.
   *
   * @param path Absolute path of its file; null: not a file.
   */
  nameOf(label: string, path: string | null): string {
    if (path === null) return label;
    const known = [...this.#states].find(([, { format }]) => format?.path === path);
    if (known !== undefined) return known[0];
    return this.get(label).format === null ? label : path;
  }

  /** Merges a change. @returns Index of the source. */
  update(name: string, change: Partial<SourceState>): number {
    this.#states.set(name, current({ ...this.get(name), ...change }));
    this.#changes += 1;
    return this.names.indexOf(name);
  }

  /** As plain JSON, for {@link load}. */
  save(): unknown {
    return { changes: this.#changes, marks: [...this.#states] } satisfies Saved;
  }

  load(saved: unknown): void {
    const { changes, marks } = saved as Saved;
    this.#changes = changes;
    for (const [name, state] of marks) this.#states.set(name, current(state));
  }
}

/** A state of this version or of an earlier one, in which a format had no options but `rename`. */
function current(state: SourceState): SourceState {
  const { format } = state;
  if (format === null || format.options !== undefined) return state;
  const { rename = {}, ...kept } = format as SourceFormat & Partial<SourceFormat["options"]>;
  return { ...state, format: { ...kept, options: { rename } } };
}

/** The names are those of the files on disk. */
interface Saved {
  readonly changes: number;
  readonly marks: readonly (readonly [name: string, state: SourceState])[];
}
