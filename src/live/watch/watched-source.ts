import { isDeepStrictEqual } from "node:util";
import type { Layout } from "../../core/layout.ts";
import type { InputProfile } from "../../io/decoders/decoder.ts";
import type { SourcePosition } from "../../io/sources/live-source.ts";
import type { SourceFormat, SourceMark, SourceMarks } from "../pipeline/source-marks.ts";
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
    const layout = this.#layout(target.layout, format.profile);
    this.#format = format;
    this.#decoder = new SourceDecoder(this.feed, format, { ...target, layout }, this.#mark);
    return {
      format,
      isNew: format !== stored && !isDeepStrictEqual(plain(format), stored),
      notes: compareColumns(target.layout, format.profile),
    };
  }

  #rehead(decoder: SourceDecoder, layout: Layout): OpenedSource | null {
    const format = decoder.rehead;
    if (format === null) return null;
    this.#format = format;
    decoder.change(format, this.#layout(layout, format.profile));
    return { format, isNew: true, notes: compareColumns(layout, format.profile) };
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

  #layout(layout: Layout, profile: InputProfile): Layout {
    const { key, timestamp } = layout;
    const { set } = this.#options;
    const has = (name: string): boolean => profile.columns.some((column) => column.name === name);
    const constant = this.#options.key === undefined ? undefined : set[this.#options.key];
    return {
      ...layout,
      key: key !== null && has(key) ? key : null,
      constantKey: constant ?? this.feed.source.stem,
      // what has no time of its own gets that of its arrival
      timestamp: timestamp !== null && has(timestamp.column) ? timestamp : null,
    };
  }
}

/** A source whose lines can be read now. */
export interface OpenedSource {
  readonly format: SourceFormat;
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
