/**
 * States that the first edition of the detector wrote: its models do not fit this edition, and its detectors lack settings.
 *
 * @module
 */
import { knownFacts, namedFacts } from "../../config/detectors/ecod/feature-facts.ts";
import { ecodSettings } from "../../config/detectors/ecod/settings.ts";
import type { Layout } from "../../core/layout.ts";
import type { DetectorDefinition } from "../api.ts";
import type { LivePipeline } from "../live-pipeline/live-pipeline.ts";
import type { FeatureSet, LiveDetector } from "../live-pipeline/shape.ts";
import type { ReportLoss } from "./snapshot-parts.ts";

/** Edition of the detector whose models and settings this version saves. The first edition saved no number. */
export const EDITION = 2;

/** Gives detectors of the first edition the settings of this one. */
export class Renewal {
  readonly #definitions: ReadonlyMap<string, DetectorDefinition>;

  constructor(definitions: readonly DetectorDefinition[]) {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
  }

  /**
   * @param found A detector as the first edition saved it.
   * @param layout Of its pipeline; that of a detector without a buffer has the features as columns.
   * @param sets Features of its pipeline; none for a detector without a buffer.
   */
  of(found: LiveDetector, { numeric }: Layout, sets: readonly FeatureSet[]): LiveDetector {
    const { config, inputNames } = found;
    const definition = this.#definitions.get(found.name);
    if (config.algorithm !== "ecod" || definition === undefined) return found;
    const specs = sets.flatMap((set) => set.specs);
    const inputs = inputNames.map((name) => {
      const column = numeric.indexOf(name);
      if (column >= 0) return column;
      return numeric.length + specs.findLastIndex((spec) => spec.name === name);
    });
    const isAlone = inputNames.length === numeric.length && specs.length === 0;
    const facts = isAlone ? namedFacts(inputNames) : knownFacts(inputs, numeric.length, specs);
    return { ...found, config: ecodSettings(definition, facts, config.noveltyFeatures) };
  }
}

/** Lets the detectors of a restored pipeline learn anew from the rows that are stored, and says so. */
export function learnAnew(pipeline: LivePipeline, report: ReportLoss): void {
  const names = pipeline.relearn();
  if (names.length === 0 || pipeline.keys.size === 0) return;
  const { storedRows } = pipeline;
  const from = storedRows > 0 ? ` from the ${storedRows} rows that are stored` : "";
  report(
    `${pipeline.frame.name}: what ${names.join(", ")} had learned is of an older edition of the detector: it learns anew${from}; ` +
      "rows, windows, alerts and rules go on",
  );
}
