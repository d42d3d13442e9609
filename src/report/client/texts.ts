import { countText } from "../../page/client/texts.ts";

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** How long, in at most two units: `2h 15m`. */
export function spanText(ms: number): string {
  if (!(ms >= 1000)) return ms > 0 ? `${Math.round(ms)}ms` : "0s";
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const rest = UNITS.slice(first, first + 2).reduce<[string[], number]>(
    ([words, left], [unit, size]) => {
      const count = Math.floor(left / size);
      return [count > 0 ? [...words, `${count}${unit}`] : words, left - count * size];
    },
    [[], ms],
  );
  return rest[0].join(" ");
}

/** A share of 1 in percent. */
export function percentText(share: number | null): string {
  if (share === null) return "–";
  const percent = 100 * share;
  return `${percent !== 0 && percent < 1 ? Number(percent.toPrecision(2)) : percent.toFixed(1)} %`;
}

/** A ratio from 0 to 1. */
export function ratioText(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? "–" : ratio.toFixed(3);
}

/** `1 alert`, `2 alerts`. */
export function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
