import type { Episode } from "../../core/alerts/alert-event.ts";
import type { FeatureSpec } from "../../core/features/spec.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { EnginePlan } from "../../engine/plan.ts";

/** Several plans over the same columns combined into one that computes shared features once. */
export interface MergedPlan {
  readonly plan: EnginePlan;
  /** Index of each plan's first detector, then the total number of detectors. */
  readonly starts: readonly number[];
}

/**
 * Combines plans. Each detector gives the same output and ids as in its own plan.
 *
 * @param plans At least one; of the same name, columns and `maxWindowRows`.
 */
export function mergePlans(plans: readonly EnginePlan[]): MergedPlan {
  const [first] = plans;
  if (first === undefined) throw new RangeError("No plans to merge");
  const features: FeatureSpec[] = [];
  const places = new Map<string, number>();
  const placeOf = (feature: FeatureSpec): number => {
    const { name: _, ...meaning } = feature; // names do not affect values
    const text = JSON.stringify(meaning);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, features.length);
    return features.push(feature) - 1;
  };
  const raw = first.columns.length;
  const starts = [0];
  const detectors = plans.flatMap((plan) => {
    const moved = plan.features.map((feature) => raw + placeOf(feature));
    starts.push((starts.at(-1) ?? 0) + plan.detectors.length);
    return plan.detectors.map((detector) => ({
      ...detector,
      inputs: detector.inputs.map((input) =>
        input < raw ? input : (moved[input - raw] as number),
      ),
    }));
  });
  return { plan: { ...first, features, detectors, windowSets: undefined }, starts };
}

/** The output of one merged plan as if it ran alone, without feature values. */
export function outputOf(output: EngineOutput, from: number, to: number): EngineOutput {
  const own = ({ detector }: Episode): boolean => detector >= from && detector < to;
  const picked = output.events.flatMap((event, i) => (own(event.episode) ? [i] : []));
  return {
    length: output.length,
    scores: output.scores.slice(from, to),
    features: [],
    events: picked.map((i) => {
      const event = output.events[i] as (typeof output.events)[number];
      return { ...event, episode: shifted(event.episode, from) };
    }),
    eventRows: picked.map((i) => output.eventRows[i] as number),
    episodes: episodesOf(output.episodes, from, to),
  };
}

/** The episodes of one merged plan. */
export function episodesOf(episodes: readonly Episode[], from: number, to: number): Episode[] {
  return episodes
    .filter(({ detector }) => detector >= from && detector < to)
    .map((episode) => shifted(episode, from));
}

function shifted(episode: Episode, from: number): Episode {
  return { ...episode, detector: episode.detector - from };
}
