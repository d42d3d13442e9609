import type { Batch } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import { type ImplausibleCell, reportImplausibleCells } from "../../io/implausible.ts";
import type { WatchEvents } from "../watch-events.ts";
import type { OpenEvents } from "./open-events.ts";

/** Plausible values in a row that end it: a loose contact gives one now and then. */
const ENOUGH = 12;

/** A column of a sensor whose values can't be true. */
interface Episode {
  readonly sensor: string;
  readonly column: string;
  readonly sinceMs: number;
  /** Values of this run, the smallest and the largest of them. */
  count: number;
  low: number;
  high: number;
  /** Plausible ones since the last. */
  well: number;
}

/** What a batch is from, and what it goes into. */
export interface ScreenedBatch {
  readonly batch: Batch;
  readonly keys: KeyTable;
  /** Name of the source. */
  readonly label: string;
  readonly ranges: readonly PlausibleRange[];
}

/**
 * Reports implausible values as messages: one when a column of a sensor begins to have them, one when
 * its values are plausible again.
 */
export class ImplausibleEvents {
  readonly #events: WatchEvents;
  readonly #pipeline: string;
  readonly #kept: OpenEvents;
  readonly #open = new Map<string, Episode>();

  /** @param kept What receivers were told by the last run; it is kept up to date. */
  constructor(events: WatchEvents, pipeline: string, kept: OpenEvents) {
    this.#events = events;
    this.#pipeline = pipeline;
    this.#kept = kept;
    for (const [name, { subject: sensor, sinceMs }] of kept.all) {
      const column = name.slice(sensor.length + 1);
      this.#open.set(name, { sensor, column, sinceMs, ...NOTHING });
    }
  }

  /** Looks at the raw values of a batch, before the pipeline takes it. O(rows) for each column with a range. */
  check({ batch, keys, label, ranges }: ScreenedBatch): void {
    const cells = new Map<string, Map<number, ImplausibleCell>>();
    reportImplausibleCells(batch, ranges, label, (cell, at) => {
      this.#events.notify((listener) => listener.implausible?.(cell));
      const own = cells.get(cell.column) ?? new Map<number, ImplausibleCell>();
      cells.set(cell.column, own.set(at, cell));
    });
    if (cells.size === 0 && this.#open.size === 0) return;
    const messages: (() => void)[] = [];
    for (const range of ranges) {
      messages.push(...this.#follow(range, batch, keys, cells.get(range.name) ?? new Map()));
    }
    this.#kept.save();
    for (const tell of messages) tell();
  }

  *#follow(
    { name: column, column: index }: PlausibleRange,
    batch: Batch,
    keys: KeyTable,
    cells: ReadonlyMap<number, ImplausibleCell>,
  ): Generator<() => void> {
    const values = batch.columns[index] as Float64Array;
    for (let row = 0; row < batch.length; row++) {
      const cell = cells.get(row);
      if (cell === undefined && (Number.isNaN(values[row]) || this.#open.size === 0)) continue;
      const sensor = keys.name(batch.keys[row] as number);
      const atMs = batch.timestamps[row] as number;
      const name = `${sensor}\n${column}`;
      const episode = this.#open.get(name);
      if (cell !== undefined) {
        const known = episode ?? { sensor, column, sinceMs: atMs, ...NOTHING };
        count(known, cell.value);
        if (episode === undefined) yield this.#begin(name, known, cell);
      } else if (episode !== undefined && ++episode.well >= ENOUGH) {
        yield this.#end(name, episode, values[row] as number, atMs);
      }
    }
  }

  #begin(name: string, episode: Episode, { detail, value }: ImplausibleCell): () => void {
    const { sensor: subject, sinceMs } = episode;
    this.#open.set(name, episode);
    this.#kept.set(name, { subject, sinceMs });
    return this.#message(episode, value, "firing", `${detail}: taken as missing`, sinceMs);
  }

  #end(name: string, episode: Episode, value: number, atMs: number): () => void {
    this.#open.delete(name);
    this.#kept.delete(name);
    const { column, count: number, low, high } = episode;
    const which = low === high ? `${low}` : `${low} to ${high}`;
    const were = number === 1 ? `one was not, ${which}` : `${number} were not, ${which}`;
    const detail = `${column}: values are plausible again${number === 0 ? "" : `; ${were}`}`;
    return this.#message(episode, value, "resolved", detail, atMs);
  }

  #message(
    { sensor: subject, column, sinceMs: startedMs }: Episode,
    value: number,
    status: "firing" | "resolved",
    detail: string,
    atMs: number,
  ): () => void {
    const pipeline = this.#pipeline;
    return () =>
      this.#events.ops({
        ...{ pipeline, event: "implausible", subject, status, severity: "warning" },
        ...{ column: { name: column, value }, detail, atMs, startedMs },
      });
  }
}

const NOTHING = { count: 0, low: Infinity, high: -Infinity, well: 0 } as const;

function count(episode: Episode, value: number): void {
  episode.count += 1;
  episode.low = Math.min(episode.low, value);
  episode.high = Math.max(episode.high, value);
  episode.well = 0;
}
