import { isoTime } from "./iso-time.ts";

const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;
const MINUTES_PER_DAY = 1440;

const minuteTexts = Array.from({ length: MINUTES_PER_DAY }, (_, i) => {
  const hour = String(Math.floor(i / 60)).padStart(2, "0");
  return `${hour}:${String(i % 60).padStart(2, "0")}:`;
});
const secondTexts = Array.from({ length: 60 }, (_, i) => `${String(i).padStart(2, "0")}.`);
const msTexts = Array.from({ length: 1000 }, (_, i) => `${String(i).padStart(3, "0")}Z`);

/**
 * Writes the same text as {@link isoTime}. Caches the last day, so consecutive times are
 * about 30 times faster.
 */
export class TimeText {
  #day = Number.NaN;
  #date = "";

  /**
   * @param time ms since epoch; rounded down.
   * @throws {RangeError} If `Date` cannot hold the time.
   */
  of(time: number): string {
    const ms = Math.floor(time);
    const day = Math.floor(ms / MS_PER_DAY);
    if (day !== this.#day) {
      this.#date = isoTime(day * MS_PER_DAY).slice(0, -"00:00:00.000Z".length);
      this.#day = day;
    }
    const rest = ms - day * MS_PER_DAY;
    const minute = minuteTexts[Math.floor(rest / MS_PER_MINUTE)] as string;
    const second = secondTexts[Math.floor(rest / 1000) % 60] as string;
    return this.#date + minute + second + (msTexts[rest % 1000] as string);
  }
}
