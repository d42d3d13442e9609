import { declaredProfile } from "../../config/check/declared-profile.ts";
import { declaredOpening } from "../../config/opening/declared-opening.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../config/resolve.ts";
import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import { IotmonError } from "../../core/errors.ts";
import { throwFirstFault } from "../checks/findings.ts";
import type { Limits } from "../checks/limits.ts";
import { checkCount } from "../checks/names.ts";
import { CommandError } from "../command-error.ts";
import type { PipelineFrame } from "../live-pipeline/live-pipeline.ts";
import type { LiveDetector, Shape } from "../live-pipeline/shape.ts";

/** A resolved document: the frame and the shape of its pipeline. */
export interface DefinedPipeline {
  readonly resolved: ResolvedPipeline;
  readonly frame: Omit<PipelineFrame, "id">;
  readonly shape: Shape;
  /** How it reads rows, a line each. */
  readonly opening: readonly string[];
}

/**
 * Resolves a document by its declared columns.
 *
 * @throws {CommandError} `invalid` with the first fault; `limit`.
 */
export function definePipeline(
  name: string,
  config: PipelineConfig,
  limits: Limits,
): DefinedPipeline {
  const profile = config.buffer.schema === undefined ? null : declaredProfile(config);
  if (profile === null) {
    throw new CommandError("invalid", "is missing: a served pipeline must declare its columns", {
      field: "buffer.schema",
      hint: "Add the columns, such as buffer: { schema: { timestamp: datetime, temperature: float } }",
    });
  }
  const { detectors } = config;
  checkCount("detectors", detectors.length, limits.detectorsPerPipeline, "detectors");
  checkCount("columns", profile.columns.length, limits.columns, "buffer.schema");
  const resolved = resolve(name, config, profile);
  checkCount("features", resolved.plan.features.length, limits.features, "features");
  const { layout, maxRows, maxKeys, outOfOrder, plan } = resolved;
  return {
    resolved,
    opening: declaredOpening(config, profile, resolved),
    frame: { name, layout, maxRows, maxKeys: Math.min(maxKeys, limits.keys), outOfOrder },
    shape: {
      sets: [{ name: "windows", specs: plan.features }],
      // units only appear in messages: changing them does not reset a detector, see `shownPlan`
      detectors: plan.detectors.map(
        ({ inputs: _, inputUnits: __, ...detector }): LiveDetector => detector,
      ),
    },
  };
}

function resolve(
  name: string,
  config: PipelineConfig,
  profile: NonNullable<ReturnType<typeof declaredProfile>>,
): ResolvedPipeline {
  try {
    const locate = (path: readonly (string | number)[]): string => path.join(".");
    return resolvePipeline({ label: name, name, config, locate, document: config }, profile, name);
  } catch (error) {
    if (error instanceof IotmonError) throwFirstFault(error);
    throw error;
  }
}
