import { element } from "../../../page/client/dom.ts";
import { countText } from "../../../page/client/texts.ts";
import type { DetectorData } from "../../data/report-data.ts";

/** The score distribution of each detector, on a scale that shows even a single score. */
export function distribution(detectors: readonly DetectorData[]): HTMLElement {
  const scoring = detectors.filter((detector) => sum(detector.distribution) > 0);
  const none = element("p", { class: "soft" }, "No reading has a score.");
  return element(
    "section",
    { class: "panel", id: "distribution", "aria-labelledby": "distribution-title" },
    element("h2", { id: "distribution-title" }, "Distribution of scores"),
    ...(scoring.length === 0 ? [none] : scoring.flatMap(detectorBars)),
  );
}

function detectorBars({ name, distribution: counts }: DetectorData): HTMLElement[] {
  const middle = counts.length / 2;
  const above = sum(counts.slice(middle));
  const most = Math.log1p(Math.max(...counts));
  const text = `${countText(above)} of ${countText(sum(counts))} scores beyond the alarm line`;
  const bars = counts.map((count, i) => {
    const [from, to] = [i / counts.length, (i + 1) / counts.length];
    const bar = element("span", {
      class: i < middle ? "below" : "above",
      title: `${from.toFixed(2)} to ${to.toFixed(2)}: ${countText(count)}`,
    });
    bar.style.height = `${(100 * Math.log1p(count)) / most}%`;
    return bar;
  });
  return [
    element("h3", {}, name),
    element("div", { class: "bars", role: "img", "aria-label": `${name}: ${text}` }, ...bars),
    element(
      "div",
      { class: "scale", "aria-hidden": "true" },
      element("span", {}, "0"),
      element("span", {}, "0.5, alarm line"),
      element("span", {}, "1"),
    ),
    element("p", { class: "soft" }, `${text}; heights are logarithmic.`),
  ];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
