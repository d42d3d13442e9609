import { basename } from "node:path";
import { didYouMean, listNames } from "../../config/suggest.ts";
import type { Batch } from "../../core/batch.ts";
import { IotmonError } from "../../core/errors.ts";
import type { KeyTable } from "../../core/key-table.ts";
import { dateTimeText } from "../../core/timestamp/iso-time.ts";
import type { LabelFile, LabelSpan } from "./label-file.ts";
import { LabelIntervals, oddities } from "./label-intervals.ts";

/** The labels of a label file, for the recordings of one replay. */
export class SpanLabels {
  readonly #label: string;
  /** By `Batch.source`. */
  readonly #intervals: readonly LabelIntervals[];
  readonly #spans: readonly LabelSpan[];
  /** Warnings, a sentence each. */
  readonly notes: readonly string[];
  #first = Number.NaN;
  #last = Number.NaN;

  /**
   * @param paths Of the recordings, by `Batch.source`.
   * @throws {IotmonError} `ERR_DATA` when not exactly one entry matches a recording.
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

  /** Appends a label column to the batches: 1 inside a span of the sensor, else 0. */
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
   * Warnings about the labels after reading the recordings, a sentence each.
   *
   * @param complete Whether the recordings were read to their ends.
   * @throws {IotmonError} `ERR_DATA` when they were, and no label has a reading.
   */
  findings(keys: KeyTable, complete: boolean): readonly string[] {
    const unused = new Set([...new Set(this.#intervals)].flatMap((own) => own.unused()));
    const spans = this.#spans.filter((span) => unused.has(span));
    const unknown = this.#unknownKeys(keys);
    if (complete && spans.length > 0 && spans.length === this.#spans.length) {
      throw new IotmonError("ERR_DATA", "no label covers a reading", {
        at: this.#label,
        hint: unknown[0] ?? `${this.#reach()}. Check that the labels belong to this recording`,
      });
    }
    const [first] = spans;
    if (!complete || first === undefined) return unknown.map((text) => `${this.#label}: ${text}`);
    const count = `${spans.length} of ${this.#spans.length} labels`;
    const cover = spans.length === 1 ? "covers no reading" : "cover no reading";
    return [
      ...unknown.map((text) => `${this.#label}: ${text}`),
      `${first.at}: ${count} ${cover}; this is the first`,
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
    const labels = `${dateTimeText(from)} to ${dateTimeText(to)}`;
    return `Labels are from ${labels}, readings from ${dateTimeText(this.#first)} to ${dateTimeText(this.#last)}`;
  }
}

/**
 * The spans of one recording. In a file with entries by recording, it is the entry whose name is the end of
 * the recording's path, else the only one with its file name.
 *
 * @param path Of the recording; may end in `.gz`.
 */
function pickSpans({ label, spans }: LabelFile, path: string): readonly LabelSpan[] {
  if (!(spans instanceof Map)) return spans as readonly LabelSpan[];
  const wanted = path.replaceAll("\\", "/").replace(/\.gz$/i, "");
  const names = [...(spans as ReadonlyMap<string, readonly LabelSpan[]>).keys()];
  const ends = names.filter((name) => `/${wanted}`.endsWith(`/${name}`));
  const alike = names.filter((name) => basename(name) === basename(wanted));
  const [best] = ends.sort((a, b) => b.length - a.length);
  const name = best ?? (alike.length === 1 ? alike[0] : undefined);
  if (name !== undefined) return spans.get(name) ?? [];
  const hint =
    alike.length > 1
      ? `Several entries have this file name: ${listNames(alike)}. Name the recording with its folder`
      : (didYouMean(
          basename(wanted),
          names.map((entry) => basename(entry)),
        ) ?? `Entries are named after recordings: ${listNames(names)}`);
  throw new IotmonError("ERR_DATA", `the labels have no entry for the recording ${path}`, {
    at: label,
    hint,
  });
}
