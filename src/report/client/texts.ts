import { spanText as longSpanText } from "../../io/messages/span-text.ts";
import { countText } from "../../page/client/texts.ts";

/** A time span: `250ms`, `2h 15m`. */
export function spanText(ms: number): string {
  return ms > 0 && ms < 1000 ? `${Math.round(ms)}ms` : longSpanText(ms);
}

/** A share from 0 to 1, in percent. */
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
