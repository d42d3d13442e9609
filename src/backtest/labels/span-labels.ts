import { didYouMean, listNames } from "../../config/suggest.ts";
import type { Batch } from "../../core/batch.ts";
import { IotmonError } from "../../core/errors.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { LabelFile, LabelSpan } from "./label-file.ts";
import { LabelIntervals, oddities } from "./label-intervals.ts";
import { pickSpans } from "./pick-spans.ts";

/** Labels that a file gives, for the recordings of one replay. */
export class SpanLabels {
  readonly #label: string;
  /** By `Batch.source`. */
  readonly #intervals: readonly LabelIntervals[];
  readonly #spans: readonly LabelSpan[];
  /** What is allowed and perhaps not meant, a sentence each. */
  readonly notes: readonly string[];
  #first = Number.NaN;
  #last = Number.NaN;

  /**
   * @param paths Of the recordings, by `Batch.source`.
   * @throws {IotmonError} As {@link pickSpans}.
   */
  constructor(file: LabelFile, paths: readonly string[]) {
    const picked = paths.map((path) => pickSpans(file, path));
    const own = new Map<readonly LabelSpan[], LabelIntervals>();
    for (const spans of picked) own.set(spans, own.get(spans) ?? new LabelIntervals(spans));
    this.#label = file.label;
    this.#intervals = picked.map((spans) => own.get(spans) as LabelIntervals);
    this.#spans = [...own.keys()].flat();
    const odd = [...own.keys()].flatMap((spans) => oddities(spans));
    this.notes = [...file.notes, ...new Set(odd.map((text) => `${file.label}: ${text}`))];
  }

  /** The same batches with one more label column, the last: 1 inside a span of the sensor, else 0. */
  async *label(batches: AsyncIterable<Batch>, keys: KeyTable): AsyncGenerator<Batch> {
    for await (const batch of batches) {
      const column = new Float64Array(batch.length);
      const intervals = this.#intervals[batch.source];
      for (let i = 0; i < batch.length; i++) {
        const time = batch.timestamps[i] as number;
        if (!(time >= this.#first)) this.#first = time;
        if (!(time <= this.#last)) this.#last = time;
        column[i] = Number(intervals?.has(keys.name(batch.keys[i] as number), time));
      }
      yield { ...batch, labels: [...batch.labels, column] };
    }
  }

  /**
   * What turned out about the labels once the recordings were read, a sentence each.
   *
   * @param complete Whether they were read to their ends.
   * @throws {IotmonError} `ERR_DATA` when they were, and no label holds a reading: the file belongs to
   * something else.
   */
  findings(keys: KeyTable, complete: boolean): readonly string[] {
    const unused = new Set([...new Set(this.#intervals)].flatMap((own) => own.unused()));
    const spans = this.#spans.filter((span) => unused.has(span));
    const unknown = this.#unknownKeys(keys);
    if (complete && spans.length > 0 && spans.length === this.#spans.length) {
      throw new IotmonError("ERR_DATA", "no label holds a reading", {
        at: this.#label,
        hint: unknown[0] ?? `${this.#reach()}. Do they belong to this recording?`,
      });
    }
    const [first] = spans;
    if (!complete || first === undefined) return unknown.map((text) => `${this.#label}: ${text}`);
    const count = `${spans.length} of ${this.#spans.length} labels`;
    const holds = spans.length === 1 ? "holds no reading and counts" : "hold no reading and count";
    return [
      ...unknown.map((text) => `${this.#label}: ${text}`),
      `${first.at}: ${count} ${holds} for nothing, the first is this one`,
    ];
  }

  #unknownKeys(keys: KeyTable): readonly string[] {
    const named = new Set(this.#spans.flatMap(({ key }) => key ?? []));
    const unknown = [...named].filter((name) => keys.find(name) < 0);
    return unknown.map((name) => {
      const near = didYouMean(name, keys.names) ?? `Sensors are: ${listNames(keys.names)}`;
      return `the recording has no sensor "${name}". ${near}`;
    });
  }

  #reach(): string {
    const from = this.#spans.reduce(
      (least, span) => Math.min(least, span.from),
      Number.POSITIVE_INFINITY,
    );
    const to = this.#spans.reduce(
      (most, span) => Math.max(most, span.to),
      Number.NEGATIVE_INFINITY,
    );
    const labels = `${iso(from)} to ${iso(to)}`;
    return `Labels are from ${labels}, readings from ${iso(this.#first)} to ${iso(this.#last)}`;
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
