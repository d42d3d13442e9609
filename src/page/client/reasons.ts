import type { Contribution } from "./contribution.ts";
import { element } from "./dom.ts";
import { numberText } from "./texts.ts";

/** Why there is an alert: the features that weighed most, each with what is usual for it. */
export function reasons(contributions: readonly Contribution[]): HTMLElement {
  if (contributions.length === 0) {
    return element("p", { class: "soft" }, "A rule; it weighs no features.");
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
