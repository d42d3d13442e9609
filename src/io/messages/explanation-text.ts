import type { Evidence } from "../../core/alerts/alert-event.ts";
import type { Contribution } from "../../core/detectors/detector.ts";
import type { DetectorPlan } from "../../engine/plan.ts";
import { numberTexts } from "./number-text.ts";

/** Names and units of the inputs of a detector. */
export type DetectorInputs = Pick<DetectorPlan, "inputNames" | "inputUnits">;

const MOST = 3;
const MIN_RELATIVE_SHARE = 0.25; // smallest share in an explanation, relative to the largest share

/**
 * The inputs of the detector that explain why a reading was anomalous, the most important first.
 *
 * First the features that entered a region never visited, then those outside their usual range, by contribution.
 * Without either, the feature with the largest contribution, because a combination can be unusual although its
 * parts are usual. For a rule, its inputs. Empty only if nothing contributed.
 */
export function tellingInputs({ explanation }: Evidence, most = MOST): readonly number[] {
  const { contributions, novel, rule } = explanation;
  if (rule !== null) return contributions.slice(0, most).map(({ input }) => input);
  const largest = contributions[0];
  const telling = contributions.filter(
    (c) => !inUsualRange(c) && c.share >= MIN_RELATIVE_SHARE * (largest?.share ?? 0),
  );
  const inputs = [...new Set([...novel, ...telling.map(({ input }) => input)])];
  if (inputs.length === 0 && largest) inputs.push(largest.input);
  return inputs.slice(0, most);
}

/**
 * Why a reading was anomalous, short enough for a table cell:
 * `value 2.08 low (usually 71.3..98, typical 84.1); value_std_50 9.17 high (usually 0.31..2.2)`, or
 * for a rule `temperature 41.2: temperature > 40`.
 *
 * Where units are known, values have theirs: `temperature 41.2 °C: temperature > 40`.
 *
 * @param most Maximum number of features, as {@link tellingInputs} chooses them.
 */
export function explainShort(evidence: Evidence, detector: DetectorInputs, most = MOST): string {
  const { contributions, novel, rule } = evidence.explanation;
  if (rule !== null) return describeRule(rule, evidence, detector, most);
  const phrases = tellingInputs(evidence, most).map((input, i) => {
    const name = detector.inputNames[input] ?? "";
    const contribution = contributions.find((candidate) => candidate.input === input);
    const unit = unitText(detector, input);
    if (contribution) {
      return `${name} ${describe(contribution, unit, novel.includes(input), i === 0)}`;
    }
    return `${name} ${numberTexts([evidence.features[input] as number])[0]}${unit} never seen before`;
  });
  return phrases.join("; ") || "no single feature stands out";
}

function describeRule(
  rule: string,
  evidence: Evidence,
  detector: DetectorInputs,
  most: number,
): string {
  const seen = tellingInputs(evidence, most).map((input) => {
    const value = evidence.features[input] as number;
    const text = Number.isNaN(value)
      ? "missing"
      : `${numberTexts([value])[0]}${unitText(detector, input)}`;
    return `${detector.inputNames[input] ?? ""} ${text}`;
  });
  return seen.length === 0 ? rule : `${seen.join(", ")}: ${rule}`;
}

/** The unit of an input as it follows a number. */
function unitText({ inputUnits }: DetectorInputs, input: number): string {
  const unit = inputUnits?.[input] ?? "";
  return unit === "" ? "" : ` ${unit}`;
}

function describe(
  contribution: Contribution,
  unit: string,
  isNovel: boolean,
  withTypical: boolean,
): string {
  const { value, low, high, typical } = contribution;
  const [valueText, lowText, highText, typicalText] = numberTexts([value, low, high, typical]);
  const usual = low === high ? lowText : `${lowText}..${highText}`;
  const middle = withTypical && low !== high ? `, typical ${typicalText}` : "";
  return `${valueText}${unit} ${sideWords(contribution, isNovel)} (usually ${usual}${middle})`;
}

function sideWords(contribution: Contribution, isNovel: boolean): string {
  const side = contribution.side ?? "unusual";
  if (!inUsualRange(contribution)) return isNovel ? `${side}, never seen before` : side;
  return isNovel ? "never seen before" : `rather ${side}`;
}

function inUsualRange({ value, low, high }: Contribution): boolean {
  return value >= low && value <= high;
}
