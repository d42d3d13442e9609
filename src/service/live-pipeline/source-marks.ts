import type { InputProfile } from "../../io/decoders/decoder.ts";
import type { SourcePosition } from "../../io/sources/live-source.ts";

/** How the lines of a source are written, as was found out once. Plain JSON. */
export interface SourceFormat {
  readonly profile: InputProfile;
  /** Columns that were renamed for it. */
  readonly rename: Readonly<Record<string, string>>;
  /** Format that was asked for; `auto`: none. */
  readonly wanted: string;
  /** Absolute path of its file; null: it is none. */
  readonly path: string | null;
}

/** How far a source is. */
export interface SourceProgress {
  /** Null: its beginning, or it can't be read again. */
  readonly position: SourcePosition | null;
  /** Lines after `position` that were taken too. */
  readonly skip: number;
  /** Rows so far, those that could not be used included. */
  readonly rows: number;
}

/** What is known of a source of lines. */
export interface SourceState extends SourceProgress {
  /** Null: not known yet. */
  readonly format: SourceFormat | null;
}

const NOTHING: SourceState = { format: null, position: null, skip: 0, rows: 0 };

/** The sources that a pipeline's rows came from, in order of appearance. */
export class SourceStates {
  readonly #marks = new Map<string, SourceState>();
  #changes = 0;

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** Names of the sources; a batch's `source` is an index into them. */
  get labels(): readonly string[] {
    return [...this.#marks.keys()];
  }

  get(label: string): SourceState {
    return this.#marks.get(label) ?? NOTHING;
  }

  /**
   * Name of a source: the one under which its file was read before, however that is typed now; else as it is
   * typed, unless that is the name of another file.
   *
   * @param path Absolute path of its file; null: it is none.
   */
  nameOf(label: string, path: string | null): string {
    if (path === null) return label;
    const known = [...this.#marks].find(([, { format }]) => format?.path === path);
    if (known !== undefined) return known[0];
    return this.get(label).format === null ? label : path;
  }

  /** Takes what is different. @returns Index of the source. */
  update(label: string, change: Partial<SourceState>): number {
    this.#marks.set(label, { ...this.get(label), ...change });
    this.#changes += 1;
    return this.labels.indexOf(label);
  }

  /** As plain JSON, for {@link load}. */
  save(): unknown {
    return { changes: this.#changes, marks: [...this.#marks] } satisfies Saved;
  }

  load(saved: unknown): void {
    const { changes, marks } = saved as Saved;
    this.#changes = changes;
    for (const [label, mark] of marks) this.#marks.set(label, mark);
  }
}

interface Saved {
  readonly changes: number;
  readonly marks: readonly (readonly [label: string, mark: SourceState])[];
}
