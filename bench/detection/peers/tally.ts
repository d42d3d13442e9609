import type { Span } from "./labelled.ts";

/** A told episode: one alert, which lasts. Times in ms since epoch. */
export interface Episode {
  readonly from: number;
  readonly to: number;
  readonly toldAt: number;
}

/** What a user of one sensor or more felt. */
export class Tally {
  #recordings = 0;
  #alerts = 0;
  #right = 0;
  #events = 0;
  #found = 0;
  #weeks = 0;
  #time = 0;
  #labelled = 0;
  readonly #delays: number[] = [];

  /** Adds a recording of one sensor, which lasted for `span`. */
  add(episodes: readonly Episode[], events: readonly Span[], span: Span): void {
    this.#recordings += 1;
    this.#alerts += episodes.length;
    this.#right += episodes.filter((one) => events.some((event) => meets(one, event))).length;
    this.#events += events.length;
    this.#time += span[1] - span[0];
    this.#weeks += (span[1] - span[0]) / 604_800_000;
    for (const event of events) {
      this.#labelled += Math.max(0, Math.min(event[1], span[1]) - Math.max(event[0], span[0]));
      const told = episodes.filter((one) => meets(one, event)).map(({ toldAt }) => toldAt);
      if (told.length === 0) continue;
      this.#found += 1;
      this.#delays.push(Math.max(0, Math.min(...told) - event[0]));
    }
  }

  /** Precision, share of events told, median delay in minutes. */
  get figures(): string[] {
    const { length } = this.#delays;
    const delay = this.#delays.sort((a, b) => a - b)[Math.floor((length - 1) / 2)];
    return [
      this.#alerts === 0 ? "" : (this.#right / this.#alerts).toFixed(2),
      (this.#found / this.#events).toFixed(2),
      delay === undefined ? "" : (delay / 60_000).toFixed(delay < 600_000 ? 1 : 0),
    ];
  }

  /** Alerts per sensor and week. */
  get perWeek(): number {
    return this.#alerts / this.#weeks;
  }

  /** Alerts per recording. */
  get perRecording(): number {
    return this.#alerts / this.#recordings;
  }

  /** Number of events. */
  get events(): number {
    return this.#events;
  }

  /** Share of the time that events last: the precision of alerts at random moments. */
  get chance(): number {
    return this.#labelled / this.#time;
  }
}

/** Whether an alert tells an event: it lasts at some moment of it. */
export function meets(episode: Episode, [from, to]: Span): boolean {
  return episode.from <= to && episode.to >= from;
}
