import type { Batch } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import { type ImplausibleCell, reportImplausibleCells } from "../../io/implausible.ts";
import type { OpenEvents } from "../../state/open-events.ts";
import type { WatchEvents } from "../watch-events.ts";

/** Consecutive plausible values that end an episode: a loose contact gives one now and then. */
const ENOUGH = 12;

/** A column of a sensor with implausible values. */
interface Episode {
  readonly sensor: string;
  readonly column: string;
  readonly sinceMs: number;
  /** Implausible values of this session: their number, the lowest and the highest. */
  count: number;
  low: number;
  high: number;
  /** Plausible values since the last implausible one. */
  plausible: number;
}

/** A batch, with its sensors, its source and the plausible ranges of its columns. */
export interface CheckedBatch {
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
  readonly #openEvents: OpenEvents;
  readonly #open = new Map<string, Episode>();

  /** @param openEvents Episodes that were open at the end of the last session; updated. */
  constructor(events: WatchEvents, pipeline: string, openEvents: OpenEvents) {
    this.#events = events;
    this.#pipeline = pipeline;
    this.#openEvents = openEvents;
    for (const [name, { subject: sensor, sinceMs }] of openEvents.all) {
      const column = name.slice(sensor.length + 1);
      this.#open.set(name, { sensor, column, sinceMs, ...NO_VALUES });
    }
  }

  /** Checks the raw values of a batch, before the pipeline appends it. O(rows) for each column with a range. */
  check({ batch, keys, label, ranges }: CheckedBatch): void {
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
    this.#openEvents.save();
    for (const send of messages) send();
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
        const current = episode ?? { sensor, column, sinceMs: atMs, ...NO_VALUES };
        count(current, cell.value);
        if (episode === undefined) yield this.#begin(name, current, cell);
      } else if (episode !== undefined && ++episode.plausible >= ENOUGH) {
        yield this.#end(name, episode, values[row] as number, atMs);
      }
    }
  }

  #begin(name: string, episode: Episode, { detail, value }: ImplausibleCell): () => void {
    const { sensor: subject, sinceMs } = episode;
    this.#open.set(name, episode);
    this.#openEvents.set(name, { subject, sinceMs });
    return this.#message(episode, value, "firing", `${detail}: taken as missing`, sinceMs);
  }

  #end(name: string, episode: Episode, value: number, atMs: number): () => void {
    this.#open.delete(name);
    this.#openEvents.delete(name);
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

const NO_VALUES = { count: 0, low: Infinity, high: -Infinity, plausible: 0 } as const;

function count(episode: Episode, value: number): void {
  episode.count += 1;
  episode.low = Math.min(episode.low, value);
  episode.high = Math.max(episode.high, value);
  episode.plausible = 0;
}
