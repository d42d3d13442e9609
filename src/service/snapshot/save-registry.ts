import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import { DEFAULT_TIME } from "../../config/schema/time.ts";
import type { Layout } from "../../core/layout.ts";
import { timeColumn } from "../../core/timestamp/time-plan.ts";
import type { BufferDefinition, DetectorDefinition } from "../api.ts";
import { LivePipeline, type PipelineFrame } from "../live-pipeline/live-pipeline.ts";
import type { FeatureSet, LiveDetector } from "../live-pipeline/shape.ts";
import { definePipeline } from "../pipelines/define-pipeline.ts";
import type { Registry } from "../registry.ts";
import { RowObjectReader } from "../rows/row-object-reader.ts";
import { sentFields } from "../rows/sent-fields.ts";
import { EDITION, learnAnew, Renewal } from "./first-edition.ts";
import type { PartWriter, ReportLoss, SnapshotPart } from "./snapshot-parts.ts";

/** Name of the part with all definitions. */
const DEFINITIONS = "definitions";

/** Older versions knew times in one column, in UTC. */
type SavedLayout = Omit<Layout, "timestamp"> & {
  readonly timestamp: Layout["timestamp"] | { readonly column: string; readonly format: string };
};

interface SavedFrame {
  readonly frame: Omit<PipelineFrame, "layout"> & { readonly layout: SavedLayout };
  readonly incarnation: number;
  readonly sets: readonly FeatureSet[];
  /** Undefined: the document defines them. */
  readonly detectors?: readonly LiveDetector[];
}

interface Definitions {
  /** Edition of the detector whose models and settings are saved; undefined: the first. */
  readonly edition?: number;
  readonly revision: number;
  readonly nextId: number;
  readonly buffers: readonly {
    readonly config: PipelineConfig | null;
    readonly document: unknown;
    readonly file?: string | undefined;
    readonly definition: BufferDefinition;
    readonly pipeline: SavedFrame;
    /** Undefined: none. */
    readonly variants?: readonly BufferDefinition[];
    readonly nullFeatures?: readonly string[];
  }[];
  readonly detectors: readonly {
    readonly definition: DetectorDefinition;
    readonly buffer: string | null;
    /** Its own pipeline; null: it observes a buffer. */
    readonly home: SavedFrame | null;
  }[];
}

/**
 * Saves everything in small steps. Each yields the number of its pipeline, which is saved as it was at its
 * first step.
 */
export function* saveRegistry(registry: Registry, out: PartWriter): Generator<number, void> {
  const { buffers, detectors, revision, nextId } = registry;
  const homes = [...detectors.values()].flatMap(({ buffer, home }) =>
    buffer === null ? home : [],
  );
  for (const pipeline of [...[...buffers.values()].map(({ pipeline }) => pipeline), ...homes]) {
    for (const _ of pipeline.saving(out)) yield pipeline.frame.id;
  }
  out.json(
    DEFINITIONS,
    revision,
    (): Definitions => ({
      edition: EDITION,
      revision,
      nextId,
      buffers: [...buffers.values()].map(({ pipeline, reader: _, ...rest }) => ({
        ...rest,
        pipeline: describe(pipeline, rest.config === null),
      })),
      detectors: [...detectors.values()].map(({ definition, buffer, home }) => ({
        definition,
        buffer,
        home: buffer === null ? describe(home, true) : null,
      })),
    }),
  );
}

/**
 * Changes the documents of pipelines that did not come from files, in a part that {@link saveRegistry} wrote. Other parts
 * stay as they are.
 */
export function changeDocuments(
  part: SnapshotPart,
  change: (document: unknown, pipeline: string) => unknown,
): SnapshotPart {
  if (part.name !== DEFINITIONS) return part;
  const saved = JSON.parse(new TextDecoder().decode(part.bytes)) as Definitions;
  const buffers = saved.buffers.map((buffer) =>
    buffer.config === null || buffer.file !== undefined
      ? buffer
      : { ...buffer, document: change(buffer.document, buffer.definition.name) },
  );
  return { ...part, bytes: new TextEncoder().encode(JSON.stringify({ ...saved, buffers })) };
}

/** Fills an empty registry from a snapshot, one sensor per step. Missing or damaged parts start empty and are reported. */
export function* restoreRegistry(
  registry: Registry,
  parts: ReadonlyMap<string, SnapshotPart>,
  report: ReportLoss,
): Generator<void, void> {
  const bytes = parts.get(DEFINITIONS)?.bytes;
  if (bytes === undefined) {
    if (parts.size > 0)
      report("the list of buffers and detectors is missing: the state starts empty");
    return;
  }
  const saved = JSON.parse(new TextDecoder().decode(bytes)) as Definitions;
  registry.revision = saved.revision;
  registry.nextId = saved.nextId;
  const revival = { registry, parts, report, renewed: renewals(saved) };
  for (const { pipeline: described, variants = [], nullFeatures = [], ...rest } of saved.buffers) {
    const { config, definition } = rest;
    const { name, schema } = definition;
    const defined = config === null ? null : definePipeline(name, config, registry.limits);
    const pipeline = yield* revive(described, defined?.shape.detectors ?? null, revival);
    const { frame, keys } = pipeline;
    const nothing = { ranges: [], time: DEFAULT_TIME, join: false };
    const { ranges, time, join } = defined?.resolved ?? nothing;
    pipeline.ranges = ranges;
    pipeline.time = time;
    pipeline.join = join;
    const fields = sentFields(config);
    const reader = new RowObjectReader(frame.layout, schema, keys, fields, ranges, time.maxAhead);
    registry.buffers.set(name, { ...rest, pipeline, reader, variants, nullFeatures });
  }
  for (const { definition, buffer, home: own } of saved.detectors) {
    const { name } = definition;
    const home =
      own === null ? registry.buffer(buffer ?? "").pipeline : yield* revive(own, null, revival);
    const detector = home.shape.detectors.find((one) => one.name === name);
    if (detector) registry.detectors.set(name, { definition, detector, home, buffer });
  }
}

function describe({ frame, shapeVersion, shape }: LivePipeline, own: boolean): SavedFrame {
  const { sets, detectors } = shape;
  return { frame, incarnation: shapeVersion, sets, ...(own ? { detectors } : {}) };
}

/** What all pipelines of a snapshot are restored with. */
interface Revival {
  readonly registry: Registry;
  readonly parts: ReadonlyMap<string, SnapshotPart>;
  readonly report: ReportLoss;
  /** Gives detectors of the first edition the settings of this one; null: they are of this edition. */
  readonly renewed: Renewal | null;
}

function renewals({ edition, detectors }: Definitions): Renewal | null {
  return edition === undefined ? new Renewal(detectors.map(({ definition }) => definition)) : null;
}

/** @param defined Detectors that the document defines; null: those of the snapshot. */
function* revive(
  { frame, incarnation, sets, detectors: saved = [] }: SavedFrame,
  defined: readonly LiveDetector[] | null,
  { registry, parts, report, renewed }: Revival,
): Generator<void, LivePipeline> {
  const layout = layoutOf(frame.layout);
  const own = renewed === null ? saved : saved.map((one) => renewed.of(one, layout, sets));
  const pipeline = new LivePipeline({ ...frame, layout }, { sets, detectors: defined ?? own });
  yield* pipeline.restoring(incarnation, parts, report);
  if (renewed !== null) learnAnew(pipeline, report);
  // its parts have other names now, which the definitions must tell
  if (pipeline.shapeVersion !== incarnation) registry.revision += 1;
  return pipeline;
}

function layoutOf({ timestamp, ...rest }: SavedLayout): Layout {
  if (timestamp === null || "columns" in timestamp) return { timestamp, ...rest };
  return { timestamp: timeColumn(timestamp.column, timestamp.format), ...rest };
}
