import type { Evidence } from "../core/alerts/alert-event.ts";
import type { Contribution } from "../core/detectors/detector.ts";
import type { DetectorPlan } from "../engine/plan.ts";
import { numberTexts } from "./number-text.ts";

const MOST = 3;
const LEAST_SHARE = 0.1; // what contributes less is not worth a reader's time, unless it is all there is

/**
 * Why a reading was anomalous, short enough for a table cell:
 * `value 2.08 low (usually 71.3..98, typical 84.1); value_std_50 9.17 high (usually 0.31..2.2)`.
 *
 * Features that entered a region never visited come first, then those that contributed most; three
 * at the most.
 */
export function explainShort(evidence: Evidence, detector: DetectorPlan): string {
  const { contributions, novel } = evidence.explanation;
  const rest = contributions.filter(
    ({ input, share }, i) => !novel.includes(input) && (i === 0 || share >= LEAST_SHARE),
  );
  const inputs = [...novel, ...rest.map(({ input }) => input)].slice(0, MOST);
  const phrases = inputs.map((input, i) => {
    const contribution = contributions.find((candidate) => candidate.input === input);
    const name = detector.inputNames[input] ?? "";
    const isNovel = novel.includes(input);
    if (contribution) return `${name} ${describe(contribution, isNovel, i === 0)}`;
    return `${name} ${numberTexts([evidence.features[input] as number])[0]} never seen before`;
  });
  return phrases.join("; ") || "no single feature stands out";
}

function describe(contribution: Contribution, isNovel: boolean, withTypical: boolean): string {
  const { value, low, high, typical, side } = contribution;
  const [valueText, lowText, highText, typicalText] = numberTexts([value, low, high, typical]);
  const inUsualRange = value >= low && value <= high;
  const novelty = isNovel ? "never seen before" : "";
  // of a new value amid the usual ones "high" would be beside the point
  const words = [isNovel && inUsualRange ? "" : side, novelty].filter((word) => word !== "");
  const usual = low === high ? lowText : `${lowText}..${highText}`;
  const middle = withTypical && low !== high ? `, typical ${typicalText}` : "";
  return `${valueText} ${words.join(", ")} (usually ${usual}${middle})`;
}
