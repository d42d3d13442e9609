import { isDeepStrictEqual } from "node:util";
import { constantOf, type Layout } from "../../core/layout.ts";
import { compareColumns } from "../../io/decoders/compare-columns.ts";
import type { DecodeOptions } from "../../io/decoders/decode-context.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import { findNewFormat, type NewFormat } from "../../io/decoders/lines/find-new-format.ts";
import { sourceLayout } from "../../io/session-recording/source-layout.ts";
import type { SourcePosition } from "../../io/sources/live/live-source.ts";
import type {
  SourceFormat,
  SourceState,
  SourceStates,
} from "../../service/live-pipeline/source-states.ts";
import { FirstLines, type LineOptions } from "./first-lines.ts";
import type { LineQueue } from "./line-queue.ts";
import { type DecodedRows, type DecodeTarget, SourceDecoder } from "./source-decoder.ts";

/** A source of a session: its waiting lines, their format, and the progress. */
export class WatchedSource {
  readonly queue: LineQueue;
  /** Its name in the pipeline. */
  readonly name: string;
  readonly #options: LineOptions;
  readonly #saved: SourceState;
  readonly #firstLines: FirstLines;
  #format: SourceFormat | null = null;
  #decoder: SourceDecoder | null = null;
  /** The format to read the following lines in; null: as before. */
  #next: SourceFormat | null = null;

  /** @param states The sources of earlier sessions, with their progress. */
  constructor(queue: LineQueue, options: LineOptions, states: SourceStates) {
    const { label, path } = queue.source;
    this.queue = queue;
    this.name = states.nameOf(label, path);
    this.#options = options;
    this.#saved = states.get(this.name);
    this.#firstLines = new FirstLines(queue, options);
    if (this.#saved.position !== null) this.#format = this.stored;
  }

  /** Position to read from; null: the beginning. */
  get from(): SourcePosition | null {
    return this.#saved.position;
  }

  /** Format of its lines; null: not detected yet. */
  get format(): SourceFormat | null {
    return this.#format;
  }

  /** Time until {@link detect} may decide without a further line, ms; null: it needs one, or has decided. */
  detectsIn(now: number): number | null {
    return this.#format === null ? this.#firstLines.detectsIn(now) : null;
  }

  /**
   * Tries to detect the format. @returns Whether it is known.
   *
   * @param now Ms of a steady clock.
   * @throws {IotmonError} `ERR_DATA` as `FirstLines.detect`.
   */
  detect(now: number): boolean {
    this.#format ??= this.#firstLines.detect(now, this.stored);
    return this.#format !== null;
  }

  /**
   * Detects the format of rejected lines.
   *
   * @param layout The layout of the pipeline.
   * @returns Null: no known format reads them. An adopted one holds from the next {@link open} on.
   */
  findFormat(lines: readonly string[], layout: Layout): NewFormat | null {
    const present = this.#format;
    if (present === null) return null;
    const { decode: options, format: wanted } = this.#options;
    const { lastArrivalMs: arrivalMs, source } = this.queue;
    const found = findNewFormat({
      ...{ lines, wanted, options, layout, arrivalMs },
      present: present.profile,
      input: source.label,
    });
    if (found?.isAdopted === true) {
      this.#next = { profile: found.profile, options, wanted, path: present.path };
    }
    return found;
  }

  /**
   * Prepares to decode, once the format is known, and again when the next line is a header of other columns.
   *
   * @param target With the layout of the pipeline.
   * @returns Null: nothing has changed.
   */
  open(target: DecodeTarget): OpenedSource | null {
    if (this.#decoder !== null) return this.#changeFormat(this.#decoder, target.layout);
    const found = this.#format;
    if (found === null) return null;
    const stored = this.stored;
    const format = stored !== null && fitsBetter(stored, found, target.layout) ? stored : found;
    const sensor = this.#sensor;
    const layout = sourceLayout(target.layout, format.profile, sensor);
    this.#format = format;
    this.#decoder = new SourceDecoder(this.queue, format, { ...target, layout }, this.#saved);
    return {
      format,
      sensor,
      rows: this.#saved.rows,
      isNew: format !== stored && !isDeepStrictEqual(plain(format), stored),
      notes: differences(target.layout, format.profile),
    };
  }

  #changeFormat(decoder: SourceDecoder, layout: Layout): OpenedSource | null {
    const format = this.#next ?? decoder.nextFormat;
    if (format === null) return null;
    this.#next = null;
    this.#format = format;
    const { profile } = format;
    const sensor = this.#sensor;
    decoder.change(format, sourceLayout(layout, profile, sensor));
    const { rows } = decoder;
    return { format, sensor, rows, isNew: true, notes: differences(layout, profile) };
  }

  /** Sensor of rows that name none. */
  get #sensor(): string {
    const { set, key } = this.#options;
    return (key === undefined ? undefined : constantOf(set, key)) ?? this.queue.source.stem;
  }

  /** Decodes waiting lines; null: no line waits, or {@link open} has not succeeded yet. */
  next(mostRows: number): DecodedRows | null {
    return this.#decoder?.next(mostRows) ?? null;
  }

  /** The format of an earlier session with the same options. */
  get stored(): SourceFormat | null {
    const { format } = this.#saved;
    const { decode, format: wanted } = this.#options;
    if (format === null || format.wanted !== wanted) return null;
    const options = format.options.shape === undefined ? withoutColumns(decode) : decode;
    return isDeepStrictEqual(format.options, plain(options)) ? format : null;
  }
}

/** A source that is ready to decode. */
export interface OpenedSource {
  readonly format: SourceFormat;
  /** Sensor of rows that name none. */
  readonly sensor: string;
  /** Number of its rows so far. */
  readonly rows: number;
  /** Whether the format is not stored yet. */
  readonly isNew: boolean;
  /** How its columns differ from those of the pipeline, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Whether the stored format fits the columns of a pipeline better than the detected one: a stream that
 * continues has no header.
 */
function fitsBetter(stored: SourceFormat, found: SourceFormat, { numeric }: Layout): boolean {
  const count = ({ profile }: SourceFormat): number =>
    profile.columns.filter(({ name }) => numeric.includes(name)).length;
  const names = ({ profile }: SourceFormat): string =>
    profile.columns.map(({ name }) => name).join("\n");
  return names(stored) === names(found) || count(stored) > count(found);
}

/** The options as earlier versions knew them: columns that are declared, and a key, said nothing about rows. */
function withoutColumns(options: DecodeOptions): DecodeOptions {
  const { shape = {}, ...rest } = options;
  const { key, isDeclared: _, ...settings } = shape;
  const isNew = Object.keys(settings).length > 0 || (key?.length ?? 0) > 1;
  return isNew ? options : rest;
}

/** A value after a round trip through JSON, which has no NaN. */
function plain(value: SourceFormat | DecodeOptions): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** How a source differs from the layout of the pipeline; the opening lines name its other columns. */
function differences(layout: Layout, profile: InputProfile): readonly string[] {
  return compareColumns(layout, profile, [], "readings get the time of their arrival");
}
