import type { Batch } from "../core/batch.ts";
import { IotmonError } from "../core/errors.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { Layout } from "../core/layout.ts";
import { compareColumns } from "./decoders/compare-columns.ts";
import type { DecodeOptions, Reject } from "./decoders/decode-context.ts";
import type { InputProfile } from "./decoders/input-profile.ts";
import { TextDictionary } from "./decoders/rows/text-dictionary.ts";
import type { ShapeSettings } from "./decoders/shape/shape.ts";
import { type InputSpan, spanOf } from "./input-span.ts";
import { openRecording, type Recording } from "./recording.ts";
import type { SessionTimeline } from "./session-recording/open-session-recording.ts";
import type { Blocking } from "./sources/inputs/expand-inputs.ts";
import type { Input } from "./sources/inputs/input.ts";
import { placeOf } from "./time-rejects.ts";

/** The targets of readings and rejects. */
export interface ReadOptions {
  readonly layout: Layout;
  readonly keys: KeyTable;
  /** Called once per unusable record, in input order. */
  reject(reject: Reject): void;
  /** How far ahead of its recorded arrival the time of a line may be, ms; by default any. */
  readonly maxAheadMs?: number | undefined;
  /** Called with notes on further inputs, a sentence each. */
  note(text: string): void;
}

const MS_PER_ROW = 1000;

/** An input of the stream that has readings. */
interface Opened extends Recording {
  readonly source: number;
}

/**
 * Joins inputs into one stream of readings, in the order of the inputs. The first input with readings defines the
 * columns; the others may have another format, and their columns match by name.
 */
export class Readings {
  readonly #inputs: readonly Input[];
  readonly #format: string;
  readonly #options: DecodeOptions;
  readonly #first: Opened;
  /** Sensor of the rows of each input, by `Batch.source`; null: that of the layout. */
  #sensors: readonly string[] | null = null;
  /** Skipped inputs without usable readings, a sentence each. */
  readonly skipped: readonly string[];

  private constructor(
    inputs: readonly Input[],
    format: string,
    options: DecodeOptions,
    first: Opened,
    skipped: readonly string[],
  ) {
    this.#inputs = inputs;
    this.#format = format;
    this.#options = options;
    this.#first = first;
    this.skipped = skipped;
  }

  /**
   * Profiles the inputs up to the first one with readings.
   *
   * @param format As for `openRecording`; `auto` detects the format of each input.
   * @param blocking As for `openRecording`.
   * @throws {IotmonError} `ERR_DATA` if no input has readings, with the fault of the first one; `ERR_IO` or
   * `ERR_PERMISSION` if one can't be read. All inputs are then closed.
   */
  static async open(
    inputs: readonly Input[],
    format: string,
    options: DecodeOptions,
    blocking?: Blocking,
  ): Promise<Readings> {
    const failures: IotmonError[] = [];
    try {
      for (const [source, input] of inputs.entries()) {
        const recording = await tryOpen(input, format, options, blocking);
        if (!(recording instanceof IotmonError)) {
          if (recording.session !== undefined && inputs.length > 1) throw notAlone(input);
          const first = { source, ...recording };
          return new Readings(inputs, format, options, first, failures.map(skippedNote));
        }
        failures.push(recording);
        input.close();
      }
    } catch (cause) {
      for (const input of inputs) input.close();
      throw cause;
    }
    const [failure = new IotmonError("ERR_NO_INPUT", "no input is given")] = failures;
    throw failure;
  }

  /** Profile of the first usable input. */
  get profile(): InputProfile {
    return this.#first.profile;
  }

  /** All inputs, by `Batch.source`. */
  get inputs(): readonly Input[] {
    return this.#inputs;
  }

  /** The header and timeline of a session recording; null for other inputs. */
  get session(): SessionTimeline | null {
    return this.#first.session ?? null;
  }

  /** Names of all inputs, or of the sources of a session recording, by `Batch.source`. */
  get labels(): readonly string[] {
    const { session } = this;
    if (session !== null) return session.header.sources;
    return this.#inputs.map(({ label }) => label);
  }

  /** Paths of all inputs, by `Batch.source`; the name of an input that is not a file. */
  get paths(): readonly string[] {
    if (this.session !== null) return this.labels;
    return this.#inputs.map(({ path, label }) => path ?? label);
  }

  /** Bytes of all inputs; null if the size of one is unknown. */
  get size(): number | null {
    let size = 0;
    for (const input of this.#inputs) {
      if (input.size === null) return null;
      size += input.size;
    }
    return size;
  }

  /** Share of all bytes that was read, 0..1; null if their number is unknown. */
  get progress(): number | null {
    const { size } = this;
    if (size === null || size === 0) return null;
    return this.#inputs.reduce((sum, { bytesRead }) => sum + bytesRead, 0) / size;
  }

  /** The first usable input. */
  get first(): Input {
    return this.#first.input;
  }

  /**
   * Yields all readings, once. Leaving the loop early closes the current input. The caller owns the batches.
   *
   * @throws {IotmonError} `ERR_DATA` at the end if no row was usable; `ERR_IO` or `ERR_PERMISSION` if an input can't be
   * read.
   */
  async *batches(options: ReadOptions): AsyncGenerator<Batch> {
    const { layout, keys, note, maxAheadMs } = options;
    const dictionaries = layout.text.map(() => new TextDictionary());
    const rejects = new RejectCounts(options.reject);
    let rows = 0;
    let startMs = 0;
    for await (const { source, input, decode } of this.#usable(layout, note)) {
      const reject = rejects.take;
      const constantKey = this.#sensors?.[source] ?? layout.constantKey;
      const context = {
        ...{
          layout: { ...layout, constantKey },
          keys,
          dictionaries,
          startMs,
          source,
          input: input.label,
          reject,
        },
        maxAheadMs,
        note: (text: string) => note(`${input.label}: ${text}`),
      };
      for await (const batch of decode(context)) {
        rows += batch.length;
        startMs = (batch.timestamps[batch.length - 1] as number) + MS_PER_ROW;
        yield batch;
      }
    }
    if (rows === 0) throw rejects.error();
  }

  /**
   * Decides whether each input is a sensor of its own, named after its file: no column names the sensor, and the times
   * of the files overlap. Files that follow one another are one stream. Reads the first and last megabyte of each.
   *
   * @returns The sensors; null: one stream.
   */
  async nameSensors(layout: Layout): Promise<readonly string[] | null> {
    if (this.session !== null || this.profile.shape !== undefined) return null;
    const isOpen = layout.key === null && layout.timestamp !== null;
    if (!isOpen || this.#inputs.length < 2) return null;
    const spans: InputSpan[] = [];
    for (const input of this.#inputs) {
      const span = await spanOf(input, this.#format, this.#options, layout).catch(() => null);
      if (span !== null) spans.push(span);
    }
    spans.sort((a, b) => a.from - b.from);
    const overlap = spans.some(({ from }, i) => from < (spans[i - 1]?.to ?? from));
    if (!overlap) return null;
    const stems = this.#inputs.map(({ stem }) => stem);
    const areDistinct = new Set(stems).size === stems.length;
    this.#sensors = areDistinct ? stems : this.labels;
    return this.#sensors;
  }

  /**
   * The span of time of all inputs, from the first and last megabyte of each.
   *
   * @returns Null if that of one is not known, or they are recorded sessions.
   */
  async span(layout: Layout): Promise<InputSpan | null> {
    if (this.session !== null || layout.timestamp === null) return null;
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const input of this.#inputs) {
      const span = await spanOf(input, this.#format, this.#options, layout).catch(() => null);
      if (span === null) return null;
      from = Math.min(from, span.from);
      to = Math.max(to, span.to);
    }
    return { from, to };
  }

  /** Closes all inputs. Only needed if `batches` never started. */
  close(): void {
    for (const input of this.#inputs) input.close();
  }

  async *#usable(layout: Layout, note: (text: string) => void): AsyncGenerator<Opened> {
    yield this.#first;
    for (let source = this.#first.source + 1; source < this.#inputs.length; source++) {
      const input = this.#inputs[source] as Input;
      const options = withShape(this.#options, this.profile);
      const recording = await tryOpen(input, this.#format, options);
      if (recording instanceof IotmonError) {
        input.close();
        note(skippedNote(recording));
      } else {
        if (recording.session !== undefined) throw notAlone(input);
        const { profile } = recording;
        const first = new Set(this.profile.columns.map(({ name }) => name));
        const extra = profile.columns.map(({ name }) => name).filter((name) => !first.has(name));
        for (const difference of compareColumns(layout, profile, extra, "its rows are rejected")) {
          note(`${input.label}: ${difference}`);
        }
        yield { source, ...recording };
      }
    }
  }
}

/** The options for further inputs: a few rows may not show the shape of the first one. */
function withShape(options: DecodeOptions, { shape }: InputProfile): DecodeOptions {
  if (shape === undefined) return options;
  const { pivot, melt, key } = shape;
  const known: ShapeSettings = {
    ...{ pivot: pivot ?? false, melt: melt ?? false },
    ...(key.length === 0 ? {} : { key }),
  };
  return { ...options, shape: { ...options.shape, ...known } };
}

/** The recording, or the error of an input without usable readings. */
async function tryOpen(
  input: Input,
  format: string,
  options: DecodeOptions,
  blocking?: Blocking,
): Promise<Recording | IotmonError> {
  try {
    return await openRecording(input, format, options, blocking);
  } catch (cause) {
    if (cause instanceof IotmonError && cause.code === "ERR_DATA") return cause;
    throw cause;
  }
}

function notAlone({ label }: Input): IotmonError {
  return new IotmonError("ERR_USAGE", "a recording of watch can only be replayed alone", {
    at: label,
    hint: "Name only this file, or use --each",
  });
}

function skippedNote({ at, message }: IotmonError): string {
  return `${at}: skipped, ${message}`;
}

/** Passes rejects on and counts them by reason, for an error if no row is usable. */
class RejectCounts {
  readonly #pass: (reject: Reject) => void;
  readonly #counts = new Map<string, number>();
  #first: Reject | null = null;

  constructor(pass: (reject: Reject) => void) {
    this.#pass = pass;
  }

  readonly take = (reject: Reject): void => {
    this.#first ??= reject;
    this.#counts.set(reject.reason, (this.#counts.get(reject.reason) ?? 0) + 1);
    this.#pass(reject);
  };

  error(): IotmonError {
    const reasons = [...this.#counts].map(([reason, count]) => `${count} ${reason}`).join(", ");
    const first = this.#first;
    return new IotmonError("ERR_DATA", `no usable row: all were rejected (${reasons})`, {
      at: first === null ? undefined : placeOf(first),
      hint: first === null ? undefined : `The first one: ${first.detail}`,
    });
  }
}
