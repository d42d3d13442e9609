import { isDeepStrictEqual } from "node:util";
import { tooLongForSummaries } from "../../config/detectors/ecod/settings.ts";
import type { DetectorCreated, DetectorDefinition, Warning } from "../api.ts";
import { checkFeatureCount, checkWindows } from "../checks/check-features.ts";
import { differences, nameConflict } from "../checks/differences.ts";
import { fieldFindings, throwFirstFault, toWarning } from "../checks/findings.ts";
import { checkCount, checkName, MAX_VARIANTS, variantNames } from "../checks/names.ts";
import { CommandError, type Refused } from "../command-error.ts";
import { LivePipeline } from "../live-pipeline/live-pipeline.ts";
import type { CarriedModels } from "../live-pipeline/rebuild/catch-up.ts";
import { addFeatures, type LiveDetector } from "../live-pipeline/shape.ts";
import type { HostedDetector, Registry } from "../registry.ts";
import {
  type BufferChoice,
  type BufferFit,
  chooseBuffer,
  unlinkedDetector,
} from "./link-detector.ts";

/** Sensor of observations that name none, for detectors without a buffer. */
const ONLY_SENSOR = "default";

/** Creates and removes detectors, and links them to buffers. */
export class Detectors {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * @param replace Whether a different definition replaces a detector, with its models.
   * @returns `Refused` the first time that a different definition is refused: it is a variant now.
   * @throws {CommandError} `invalid`, `conflict`, `limit`.
   */
  create(
    definition: DetectorDefinition,
    replace: boolean,
  ): Omit<DetectorCreated, "state"> | Refused {
    const { detectors } = this.#registry;
    this.#check(definition);
    const present = detectors.get(definition.name);
    if (present !== undefined) {
      const found = differences({ ...present.definition }, { ...definition });
      if (found.length === 0) return { creation: "exists", warnings: [] };
      if (!replace) return this.#refuse(definition, found);
    }
    const warnings = this.#host(definition);
    return { creation: present === undefined ? "created" : "replaced", warnings };
  }

  /**
   * Removes a detector with its variants, or a variant.
   *
   * @throws {CommandError} `not_found`.
   */
  remove(name: string): void {
    for (const hosted of this.#registry.definitions(name)) {
      this.#registry.detectors.delete(hosted.definition.name);
      if (hosted.buffer !== null) dismiss(hosted);
    }
  }

  /** Links a detector without a buffer to the one that fits, if any. */
  link(hosted: HostedDetector): readonly Warning[] {
    const { revision } = this.#registry;
    if (hosted.buffer !== null) return [];
    if (hosted.lastSearch?.revision === revision) return hosted.lastSearch.warnings;
    const choice = chooseBuffer(hosted.definition, this.#registry);
    if (choice.kind === "one") {
      this.#registry.revision += 1;
      return attach(hosted, choice.fit);
    }
    hosted.lastSearch = { revision, warnings: unlinked(choice) };
    return hosted.lastSearch.warnings;
  }

  /** For detectors without a buffer: defines the features they name by convention, and links those that name a buffer. */
  prepareAll(): void {
    for (const hosted of this.#registry.detectors.values()) {
      if (hosted.buffer !== null) continue;
      this.#prepare(hosted, chooseBuffer(hosted.definition, this.#registry));
    }
  }

  /** Unlinks the detectors of a buffer before its deletion; they keep their models. */
  release(buffer: string): void {
    for (const hosted of this.#registry.observersOf(buffer)) detach(hosted, this.#registry);
  }

  /** Hosts a definition in place of the detector of its name. @throws {CommandError} `invalid`, `limit`. */
  #host(definition: DetectorDefinition): readonly Warning[] {
    const { name } = definition;
    const { detectors, limits } = this.#registry;
    const present = detectors.has(name);
    if (!present) checkCount("detectors", detectors.size + 1, limits.detectors);
    const choice = chooseBuffer(definition, this.#registry);
    if (choice.kind === "one") this.#checkFit(choice.fit);
    const inputNames = definition.features ?? this.#defaultInputs(choice);
    if (present) this.remove(name);
    const detector = unlinkedDetector(definition, inputNames);
    const home = alone(detector, this.#registry);
    const hosted: HostedDetector = { definition, detector, home, buffer: null };
    detectors.set(name, hosted);
    return this.#prepare(hosted, choice);
  }

  /** Keeps a different definition as a variant, unless it is one or there is no room. */
  #refuse(wanted: DetectorDefinition, found: readonly string[]): Refused {
    const { name } = wanted;
    const conflict = (kept: string) => nameConflict("detector", name, found, kept);
    const keptAs = (variant: string) =>
      conflict(
        `It is kept as the variant ${variant}: a score call uses the definition that knows most of its features`,
      );
    const variants = this.#registry.variants(name);
    const same = variants.find(
      ({ definition }) => differences({ ...definition, name }, { ...wanted }).length === 0,
    );
    if (same !== undefined) throw keptAs(same.definition.name);
    const free = variantNames(name).find((variant) => !this.#registry.detectors.has(variant));
    if (free === undefined)
      throw conflict(`It is not kept: there are ${MAX_VARIANTS} variants already`);
    try {
      this.#host({ ...wanted, name: free });
    } catch (error) {
      if (error instanceof CommandError) throw conflict(`It is not kept: ${error.message}`);
      throw error;
    }
    return { creation: "refused", conflict: keptAs(free) };
  }

  #check(definition: DetectorDefinition): void {
    const { features, novelty_features: novelty = [] } = definition;
    checkName(definition.name);
    if (definition.buffer !== undefined) checkName(definition.buffer);
    checkCount("features", features?.length ?? 0, this.#registry.limits.inputs, "features");
    const findings = fieldFindings();
    if (definition.min_reference > definition.window) {
      const message = `is more than the ${definition.window} values of window`;
      findings.fault(["min_reference"], message);
    }
    const tooLong = tooLongForSummaries(definition);
    if (tooLong !== null) findings.fault(["window"], tooLong);
    for (const [i, name] of (features ?? []).entries()) {
      if (features?.indexOf(name) !== i)
        findings.fault(["features", i], `"${name}" is given twice`);
    }
    for (const [i, name] of novelty.entries()) {
      if (features?.includes(name)) continue;
      findings.fault(["novelty_features", i], `"${name}" is not among the features`);
    }
    throwFirstFault(findings);
  }

  #defaultInputs(choice: BufferChoice): readonly string[] {
    if (choice.kind === "one") return choice.fit.detector.inputNames;
    throw new CommandError("invalid", "it has neither features nor a buffer to take them from", {
      field: "features",
      hint: "Name the features, or a buffer that exists",
    });
  }

  /** Checks every limit that {@link attach} could exceed later. */
  #checkFit({ buffer, missing }: BufferFit): void {
    const { pipeline } = buffer;
    checkWindows(missing, pipeline.frame.maxRows, this.#registry.limits);
    const shape = addFeatures(pipeline.shape, missing, true);
    checkFeatureCount(shape, buffer.nullFeatures.length, this.#registry.limits);
  }

  #prepare(hosted: HostedDetector, choice: BufferChoice): readonly Warning[] {
    if (choice.kind !== "one") return unlinked(choice);
    if (hosted.definition.buffer !== undefined) return attach(hosted, choice.fit);
    const { pipeline } = choice.fit.buffer;
    const shape = addFeatures(pipeline.shape, choice.fit.missing, pipeline.buffer.appended > 0);
    if (shape !== pipeline.shape) pipeline.reshape(shape);
    return choice.fit.findings.warnings.map((finding) => toWarning(finding));
  }
}

function unlinked(choice: Exclude<BufferChoice, { kind: "one" }>): readonly Warning[] {
  const message =
    choice.kind === "none"
      ? `it observes no buffer: ${choice.reason}`
      : `it observes no buffer: ${choice.names.join(", ")} have all its features; name one as buffer`;
  return [{ field: "buffer", message }];
}

function attach(
  hosted: HostedDetector,
  { buffer, detector, missing, findings }: BufferFit,
): Warning[] {
  const { pipeline, definition } = buffer;
  const { detector: before, home } = hosted;
  const same =
    isDeepStrictEqual(before.config, detector.config) &&
    isDeepStrictEqual(before.inputNames, detector.inputNames);
  const { key, constantKey } = pipeline.frame.layout;
  const carried = home.observations.carry(before);
  const own = key === null ? renamed(carried, ONLY_SENSOR, constantKey) : carried;
  const shape = addFeatures(pipeline.shape, missing, pipeline.buffer.appended > 0);
  const next = { ...shape, detectors: [...shape.detectors, detector] };
  pipeline.reshape(next, same ? new Map([[detector, own]]) : new Map());
  hosted.detector = detector;
  hosted.home = pipeline;
  hosted.buffer = definition.name;
  const warnings = findings.warnings.map((finding) => toWarning(finding));
  if (!same && carried.size > 0) {
    const message = `it is reset, as the buffer ${definition.name} has its features as columns or lacks some`;
    warnings.push({ field: "features", message });
  }
  if (pipeline.droppedRows > 0) {
    const message = `${pipeline.droppedRows} rows had left the buffer before it was observed`;
    warnings.push({ field: "buffer", message });
  }
  return warnings;
}

function detach(hosted: HostedDetector, registry: Registry): void {
  const { home, detector } = hosted;
  const { key, constantKey } = home.frame.layout;
  const carried = home.observations.carry(detector);
  const own = key === null ? renamed(carried, constantKey, ONLY_SENSOR) : carried;
  dismiss(hosted);
  hosted.home = alone(detector, registry, own);
  hosted.buffer = null;
}

/** Removes a detector from its buffer's pipeline. */
function dismiss({ home, detector }: HostedDetector): void {
  const { shape } = home;
  home.reshape({ ...shape, detectors: shape.detectors.filter((other) => other !== detector) });
}

/** Creates a pipeline without rows for one detector. */
function alone(
  detector: LiveDetector,
  registry: Registry,
  carried: CarriedModels = new Map(),
): LivePipeline {
  const pipeline = new LivePipeline({
    id: registry.newId(),
    name: detector.name,
    layout: {
      timestamp: null,
      key: null,
      constantKey: ONLY_SENSOR,
      numeric: detector.inputNames,
      labels: [],
      text: [],
      constants: {},
    },
    maxRows: 1,
    maxKeys: registry.limits.keys,
    outOfOrder: "process",
  });
  pipeline.reshape({ sets: [], detectors: [detector] }, new Map([[detector, carried]]));
  return pipeline;
}

function renamed(carried: CarriedModels, from: string, to: string): CarriedModels {
  return new Map([...carried].map(([name, model]) => [name === from ? to : name, model]));
}
