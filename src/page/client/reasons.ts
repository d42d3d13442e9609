import { element } from "./dom.ts";
import { numberText } from "./texts.ts";
import type { Contribution } from "./types.ts";

/** The reasons of an alert: its most important features, each with its usual range. */
export function reasons(contributions: readonly Contribution[]): HTMLElement {
  if (contributions.length === 0) {
    return element("p", { class: "soft" }, "The detector is a rule, without features.");
  }
  const rows = contributions.map(({ feature, value, usual_range: [low, high], share }) => {
    const usual = `usually ${numberText(low)} to ${numberText(high)}`;
    const part = share === null ? "" : `, ${Math.round(100 * share)} % of the score`;
    return element(
      "li",
      {},
      `${feature} `,
      element("strong", {}, numberText(value)),
      element("small", {}, ` ${usual}${part}`),
    );
  });
  return element("ul", { class: "reasons" }, ...rows);
}
