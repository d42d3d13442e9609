import type { KeyTable } from "../../../core/key-table.ts";
import { Engine } from "../../../engine/engine.ts";
import type { SavedPart } from "../../../engine/keys/snapshot-parts.ts";
import { type Explanations, nameContributions } from "../explanations.ts";
import type { Rows } from "../history/rows.ts";
import type { BuiltShape, FeatureSet, LiveDetector } from "../shape.ts";
import { type CarriedModels, partsOf, runHistory } from "./catch-up.ts";

/** An engine with its shape. */
interface Running {
  readonly built: BuiltShape;
  readonly engine: Engine;
}

/** An engine of a new shape. */
export interface Rebuilt {
  readonly engine: Engine;
  /** Detectors that kept their models. */
  readonly kept: ReadonlySet<LiveDetector>;
}

/** Input of a rebuild. */
export interface RebuildSetup {
  readonly keys: KeyTable;
  readonly rows: Rows;
  readonly explanations: Explanations;
  /** Models that new detectors start from. */
  readonly carried: ReadonlyMap<LiveDetector, CarriedModels>;
  /** Detectors that keep their models and reset their alerts. */
  readonly renewed: ReadonlySet<LiveDetector>;
  /** Detectors that learn anew and keep the alerts of those that they replace, which have the same names. */
  readonly relearned: Relearned;
}

/** New detectors, each with the one that it replaces. */
type Relearned = ReadonlyMap<LiveDetector, LiveDetector>;

/**
 * Creates an engine for another shape from a running one. Unchanged features and detectors keep their state;
 * new ones run through the stored rows and fill their columns.
 */
export function rebuild(old: Running, built: BuiltShape, setup: RebuildSetup): Rebuilt {
  const { keys, rows } = setup;
  const kept = new Set(built.shape.detectors.filter((d) => goesOn(d, old.built, built)));
  for (const detector of built.shape.detectors) if (!kept.has(detector)) rows.forget(detector);
  rows.reshape(built);
  const fresh: Map<number, SavedPart[]>[] = [];
  for (const set of built.shape.sets) {
    if (!old.built.shape.sets.includes(set)) fresh.push(runSet(set, built, setup, old.engine));
  }
  for (const detector of built.shape.detectors) {
    if (!kept.has(detector)) fresh.push(runDetector(detector, built, setup, old.engine));
  }
  const engine = new Engine(built.plan, keys);
  const wanted = keptNames(old.built, built, kept, setup);
  for (let key = 0; key < keys.size; key++) {
    const parts = [
      ...old.engine.snapshot(key).filter(({ name }) => wanted(name)),
      ...fresh.flatMap((parts) => parts.get(key) ?? []),
    ];
    if (parts.length > 0) engine.restore(key, parts);
  }
  return { engine, kept };
}

/** Whether a detector and all its inputs are unchanged. */
function goesOn(detector: LiveDetector, old: BuiltShape, built: BuiltShape): boolean {
  if (!old.shape.detectors.includes(detector)) return false;
  return detector.inputNames.every((name) => specOf(name, old) === specOf(name, built));
}

function specOf(name: string, { features, plan }: BuiltShape): unknown {
  const index = features.get(name);
  return index === undefined ? undefined : plan.features[index];
}

function keptNames(
  old: BuiltShape,
  built: BuiltShape,
  kept: ReadonlySet<LiveDetector>,
  { renewed, relearned }: Pick<RebuildSetup, "renewed" | "relearned">,
): (name: string) => boolean {
  const sets = built.shape.sets.filter((set) => old.shape.sets.includes(set));
  const goOn = [...relearned.keys()].map(alertsName);
  const names = new Set(["sequence", ...sets.map(({ name }) => name), ...goOn]);
  const prefixes = [...kept].map(modelPrefix);
  const alerts = new Set([...renewed].map(alertsName));
  return (name) =>
    !alerts.has(name) && (names.has(name) || prefixes.some((prefix) => name.startsWith(prefix)));
}

function alertsName(detector: LiveDetector): string {
  return `${modelPrefix(detector)}alerts`;
}

function modelPrefix({ name }: LiveDetector): string {
  return `detector/${name}/`;
}

function runSet(
  set: FeatureSet,
  { plan }: BuiltShape,
  { keys, rows }: RebuildSetup,
  running: Engine,
): Map<number, SavedPart[]> {
  const { name, specs } = set;
  const alone = {
    ...plan,
    features: specs,
    windowSets: [{ name, size: specs.length }],
    detectors: [],
  };
  const engine = runHistory(
    rows,
    running,
    alone,
    keys,
    rows.columns,
    new Map(),
    (row, { length, features }) => rows.writeFeatures(specs, row, features, length),
  );
  return partsOf(engine, keys.size, (part) => part === name);
}

/** Its alerts start with the next row: stored rows raise none. */
function runDetector(
  detector: LiveDetector,
  { plan }: BuiltShape,
  { keys, rows, explanations, carried }: RebuildSetup,
  running: Engine,
): Map<number, SavedPart[]> {
  const { inputNames } = detector;
  const alone = {
    ...plan,
    columns: inputNames,
    features: [],
    windowSets: [],
    detectors: [{ ...detector, inputs: [...inputNames.keys()] }],
  };
  const before = new Map(
    [...(carried.get(detector) ?? [])].flatMap(([name, { parts }]) => {
      const key = keys.intern(name);
      return key < 0 ? [] : [[key, parts] as const];
    }),
  );
  const columns = inputNames.map((name) => rows.column(name));
  const verdicts = rows.verdicts(detector);
  const engine = runHistory(rows, running, alone, keys, columns, before, (row, output) => {
    const [scores] = output.scores;
    if (scores) verdicts.write(row, scores, output.length);
  });
  for (let key = 0; key < keys.size; key++) {
    const row = rows.history.newest(key);
    if (row < 0 || !verdicts.isScored(row)) continue;
    const inputs = Array.from(rows.values(inputNames, row), (value) => Float64Array.of(value));
    const contributions = nameContributions(engine.explain(key, 0, inputs), inputNames);
    explanations.set(detector, key, { row, contributions });
  }
  const prefix = modelPrefix(detector);
  return partsOf(
    engine,
    keys.size,
    (name) => name.startsWith(prefix) && name !== alertsName(detector),
  );
}
