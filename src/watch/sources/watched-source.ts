import { isDeepStrictEqual } from "node:util";
import { constantOf, type Layout } from "../../core/layout.ts";
import type { InputProfile } from "../../io/decoders/decoder.ts";
import { sourceLayout } from "../../io/session-recording/source-layout.ts";
import type { SourcePosition } from "../../io/sources/live-source.ts";
import type {
  SourceFormat,
  SourceMark,
  SourceMarks,
} from "../../service/live-pipeline/source-marks.ts";
import { FirstLines, type LineOptions } from "./first-lines.ts";
import { type DecodedRows, type DecodeTarget, SourceDecoder } from "./source-decoder.ts";
import type { SourceFeed } from "./source-feed.ts";

/** A source at work: its lines, how they are written, and how far it is. */
export class WatchedSource {
  readonly feed: SourceFeed;
  /** Under which the pipeline knows it. */
  readonly name: string;
  readonly #options: LineOptions;
  readonly #mark: SourceMark;
  readonly #first: FirstLines;
  #format: SourceFormat | null = null;
  #decoder: SourceDecoder | null = null;

  /** @param marks Where sources were when they were last watched. */
  constructor(feed: SourceFeed, options: LineOptions, marks: SourceMarks) {
    const { label, path } = feed.source;
    this.feed = feed;
    this.name = marks.nameOf(label, path);
    this.#options = options;
    this.#mark = marks.get(this.name);
    this.#first = new FirstLines(feed, options);
    if (this.#mark.position !== null) this.#format = this.stored;
  }

  /** Where it is read from; null: its beginning. */
  get from(): SourcePosition | null {
    return this.#mark.position;
  }

  /** How its lines are written; null: not known yet. */
  get format(): SourceFormat | null {
    return this.#format;
  }

  /** Time until {@link look} may say more without a further line, ms; null: it never will. */
  patience(now: number): number | null {
    return this.#format === null ? this.#first.patience(now) : null;
  }

  /**
   * Whether it is known how its lines are written.
   *
   * @param now Ms of a steady clock.
   * @throws {IotmonError} `ERR_DATA` as `FirstLines.look`.
   */
  look(now: number): boolean {
    this.#format ??= this.#first.look(now, this.stored);
    return this.#format !== null;
  }

  /**
   * Gets ready for rows of this layout, once it is known how lines are written.
   *
   * @param target Its layout is that of the pipeline.
   * @returns What a user may want to know, also when the next line says that columns change; null: it was
   * ready before.
   */
  open(target: DecodeTarget): OpenedSource | null {
    if (this.#decoder !== null) return this.#rehead(this.#decoder, target.layout);
    const found = this.#format;
    if (found === null) return null;
    const stored = this.stored;
    const format = stored !== null && fitsBetter(stored, found, target.layout) ? stored : found;
    const sensor = this.#sensor;
    const layout = sourceLayout(target.layout, format.profile, sensor);
    this.#format = format;
    this.#decoder = new SourceDecoder(this.feed, format, { ...target, layout }, this.#mark);
    return {
      format,
      sensor,
      rows: this.#mark.rows,
      isNew: format !== stored && !isDeepStrictEqual(plain(format), stored),
      notes: compareColumns(target.layout, format.profile),
    };
  }

  #rehead(decoder: SourceDecoder, layout: Layout): OpenedSource | null {
    const format = decoder.rehead;
    if (format === null) return null;
    this.#format = format;
    const { profile } = format;
    const sensor = this.#sensor;
    decoder.change(format, sourceLayout(layout, profile, sensor));
    const { rows } = decoder;
    return { format, sensor, rows, isNew: true, notes: compareColumns(layout, profile) };
  }

  /** Name of the sensor of rows that name none. */
  get #sensor(): string {
    const { set, key } = this.#options;
    return (key === undefined ? undefined : constantOf(set, key)) ?? this.feed.source.stem;
  }

  /** Takes lines that wait; null: there is none, or it is not {@link open}. */
  next(mostRows: number): DecodedRows | null {
    return this.#decoder?.next(mostRows) ?? null;
  }

  /** What was found out before, if it was asked for in the same way. */
  get stored(): SourceFormat | null {
    const { format } = this.#mark;
    const { rename, format: wanted } = this.#options;
    if (format === null || format.wanted !== wanted) return null;
    return isDeepStrictEqual({ ...format.rename }, { ...rename }) ? format : null;
  }
}

/** A source whose lines can be read now. */
export interface OpenedSource {
  readonly format: SourceFormat;
  /** Sensor of rows that name none. */
  readonly sensor: string;
  /** Rows that it had before. */
  readonly rows: number;
  /** Whether it was not known before. */
  readonly isNew: boolean;
  /** What its columns are not, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Whether the columns of a pipeline are rather found with what is known of a source from before: a stream
 * that goes on has no header.
 */
function fitsBetter(stored: SourceFormat, found: SourceFormat, { numeric }: Layout): boolean {
  const count = ({ profile }: SourceFormat): number =>
    profile.columns.filter(({ name }) => numeric.includes(name)).length;
  const names = ({ profile }: SourceFormat): string =>
    profile.columns.map(({ name }) => name).join("\n");
  return names(stored) === names(found) || count(stored) > count(found);
}

/** As it is kept: JSON knows no NaN. */
function plain(format: SourceFormat): unknown {
  return JSON.parse(JSON.stringify(format));
}

function compareColumns(layout: Layout, profile: InputProfile): readonly string[] {
  const here = new Set(profile.columns.map(({ name }) => name));
  const { timestamp, numeric, labels, text, key } = layout;
  const wanted = [...numeric, ...labels, ...text, ...(key === null ? [] : [key])];
  const missing = wanted.filter((name) => !here.has(name));
  const known = new Set([...wanted, timestamp?.column]);
  const useful = profile.columns.filter(({ role }) => role === "number" || role === "text");
  const extra = useful.map(({ name }) => name).filter((name) => !known.has(name));
  return [
    ...(timestamp === null || here.has(timestamp.column)
      ? []
      : [
          `there is no column "${timestamp.column}" in it: readings get the time at which they come`,
        ]),
    ...(missing.length === 0 ? [] : [`not in it, and taken as empty: ${missing.join(", ")}`]),
    ...(extra.length === 0 ? [] : [`in it, and ignored: ${extra.join(", ")}`]),
  ];
}
