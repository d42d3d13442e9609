import { timesIn } from "../../core/timestamp/time-display.ts";
import { type Format, type TimeTexts, timeTexts } from "../../page/client/texts.ts";

/** Times as the program shows them. */
export interface ShownTimes extends TimeTexts {
  /** Name of the zone. */
  readonly name: string;
}

/** @param name As for `timesIn`. */
export function shownTimes(name: string): ShownTimes {
  const display = timesIn(name);
  const part = (from: number, to: number): Format => ({
    format: (time) => new Date(display.local(Number(time))).toISOString().slice(from, to),
  });
  const whole: Format = { format: (time) => display.text(Number(time)) };
  const isDated = /^\d/.test(display.text(0));
  return {
    name,
    ...(isDated
      ? timeTexts(whole, part(5, 10), part(11, 16), part(11, 19))
      : timeTexts(whole, whole, whole, whole)),
    date: (seconds) => uPlot.tzDate(new Date(display.local(1000 * seconds)), "Etc/UTC"),
  };
}
