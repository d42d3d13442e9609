import { namedFacts } from "../../config/detectors/ecod/feature-facts.ts";
import { resolveEcod } from "../../config/detectors/ecod/resolve.ts";
import { ecodSettings } from "../../config/detectors/ecod/settings.ts";
import { CONTAMINATION_ALERTS, resolveAlerts } from "../../config/resolve/detectors/alerts.ts";
import { InputTable } from "../../config/resolve/detectors/inputs.ts";
import { FeatureTable } from "../../config/resolve/features.ts";
import type { Findings } from "../../config/resolve/findings.ts";
import type { FeatureSpec } from "../../core/features/spec.ts";
import type { DetectorDefinition } from "../api.ts";
import { fieldFindings } from "../checks/findings.ts";
import { featuresInUse, type LiveDetector } from "../live-pipeline/shape.ts";
import type { HostedBuffer, Registry } from "../registry.ts";

/** A buffer that fits a detector. */
export interface BufferFit {
  readonly buffer: HostedBuffer;
  readonly detector: LiveDetector;
  /** Features that the detector names by convention and the buffer lacks. */
  readonly missing: readonly FeatureSpec[];
  readonly findings: Findings;
}

/** The buffer for a detector, or why there is none. */
export type BufferChoice =
  | { readonly kind: "one"; readonly fit: BufferFit }
  | { readonly kind: "none"; readonly reason: string }
  | { readonly kind: "several"; readonly names: readonly string[] };

/** Resolves a detector on a buffer. Features that are always null there are not among its inputs. */
function fitDetector(wanted: DetectorDefinition, buffer: HostedBuffer): BufferFit {
  const { frame, shape } = buffer.pipeline;
  const findings = fieldFindings();
  const nulls = wanted.features?.filter((name) => buffer.nullFeatures.includes(name)) ?? [];
  const definition = nulls.length === 0 ? wanted : without(wanted, nulls);
  if (definition.features?.length === 0) findings.fault(["features"], "all its features are null");
  else if (nulls.length > 0) {
    const message = `the buffer ${frame.name} lacks the columns of ${nulls.join(", ")}: the detector does without`;
    findings.warn(["features"], message);
  }
  const table = new FeatureTable(frame.layout, Number.POSITIVE_INFINITY, findings);
  const known = featuresInUse(shape);
  table.adopt(known);
  const { config, inputNames } = resolveEcod(definition, {
    layout: frame.layout,
    meters: [],
    features: table,
    table: new InputTable(frame.layout, table, findings),
    path: [],
    findings,
  });
  const detector = { name: definition.name, config, inputNames, alerts: noAlerts() };
  return { buffer, detector, missing: table.specs.slice(known.length), findings };
}

function without(definition: DetectorDefinition, nulls: readonly string[]): DetectorDefinition {
  const left = (names?: string[]) => names?.filter((name) => !nulls.includes(name));
  const { features, novelty_features } = definition;
  return { ...definition, features: left(features), novelty_features: left(novelty_features) };
}

/** A detector that observes no buffer. */
export function unlinkedDetector(
  definition: DetectorDefinition,
  inputNames: readonly string[],
): LiveDetector {
  const novelty = (definition.novelty_features ?? []).map((name) => inputNames.indexOf(name));
  const config = ecodSettings(definition, namedFacts(inputNames), novelty);
  return { name: definition.name, config, inputNames, alerts: noAlerts() };
}

/** Finds the named buffer, else the one with all features, else the one that can define them. */
export function chooseBuffer(definition: DetectorDefinition, registry: Registry): BufferChoice {
  const { buffer: wanted } = definition;
  if (wanted !== undefined) return named(definition, wanted, registry);
  if (definition.features === undefined) return { kind: "none", reason: "it names no features" };
  const fits = [...registry.buffers.values()]
    .filter(({ config }) => config === null)
    .map((buffer) => fitDetector(definition, buffer))
    .filter(({ findings }) => findings.faults.length === 0);
  const complete = fits.filter(({ missing }) => missing.length === 0);
  const candidates = complete.length > 0 ? complete : fits;
  const [fit] = candidates;
  if (fit === undefined) return { kind: "none", reason: "no buffer has all its features" };
  if (candidates.length === 1) return { kind: "one", fit };
  return { kind: "several", names: candidates.map(({ buffer }) => buffer.definition.name) };
}

function named(definition: DetectorDefinition, name: string, registry: Registry): BufferChoice {
  const buffer = registry.buffers.get(name);
  if (buffer === undefined) return { kind: "none", reason: `there is no buffer "${name}" yet` };
  if (buffer.config !== null) return { kind: "none", reason: `"${name}" belongs to a pipeline` };
  const fit = fitDetector(definition, buffer);
  const [fault] = fit.findings.faults;
  return fault === undefined ? { kind: "one", fit } : { kind: "none", reason: fault.message };
}

/** Detectors of buffers score and raise no alerts. */
function noAlerts(): LiveDetector["alerts"] {
  return resolveAlerts({}, {}, CONTAMINATION_ALERTS, [], fieldFindings());
}
