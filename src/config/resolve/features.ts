import { featureName, parseFeatureName } from "../../core/features/names.ts";
import { type RollingFunctionName, rollingFunctions } from "../../core/features/registry.ts";
import type { RollingFunction, Window } from "../../core/features/rolling-function.ts";
import type { FeatureSpec } from "../../core/features/spec.ts";
import type { Layout } from "../../core/layout.ts";
import type { Path } from "../document.ts";
import type {
  FeatureEntry,
  FeatureProductConfig,
  SingleFeatureConfig,
} from "../schema/features.ts";
import { suggestAndList } from "../suggest.ts";
import type { Findings, Hint } from "./findings.ts";

/** A requested feature, with the path of each of its settings. */
interface RequestedFeature {
  readonly name: string;
  readonly column: string;
  readonly columnPath: Path;
  readonly function: RollingFunctionName;
  readonly functionPath: Path;
  readonly window: Window | null;
  readonly windowPath: Path;
  readonly other: string | null;
  readonly minPeriods: number | null;
  readonly quantile: number | null;
  readonly path: Path;
}

/** The features of a pipeline while it is being resolved: declared ones, then those used by name. */
export class FeatureTable {
  readonly specs: FeatureSpec[] = [];
  readonly #indices = new Map<string, number>();
  readonly #layout: Layout;
  readonly #maxRows: number;
  readonly #findings: Findings;

  /** @param maxRows Rows the buffer holds, and so the largest window. */
  constructor(layout: Layout, maxRows: number, findings: Findings) {
    this.#layout = layout;
    this.#maxRows = maxRows;
    this.#findings = findings;
  }

  /** Names of all features so far. */
  get names(): readonly string[] {
    return this.specs.map(({ name }) => name);
  }

  /** Adds features that were resolved earlier, without checking them again. */
  adopt(specs: readonly FeatureSpec[]): void {
    for (const spec of specs) {
      this.#indices.set(spec.name, this.specs.length);
      this.specs.push(spec);
    }
  }

  /** Adds the `features` section. */
  declare(entries: readonly FeatureEntry[]): void {
    for (const [i, entry] of entries.entries()) {
      if ("columns" in entry) checkUsed(entry, ["features", i], this.#findings);
      const requested = "columns" in entry ? product(entry, ["features", i]) : [single(entry, i)];
      for (const feature of requested) {
        this.#checkName(feature);
        this.#add(feature);
      }
    }
  }

  /**
   * Index of a feature: a declared one, or one named by convention, which is added.
   *
   * @returns Null when `name` is neither.
   */
  find(name: string, path: Path): number | null {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    const parts = parseFeatureName(name, this.#layout.numeric);
    if (parts === null) return null;
    const paths = { path, columnPath: path, functionPath: path, windowPath: path };
    return this.#add({ name, ...parts, other: null, minPeriods: null, ...paths });
  }

  #add(feature: RequestedFeature): number {
    checkSettings(feature, this.#maxRows, this.#findings);
    const index = this.specs.length;
    this.specs.push({
      name: feature.name,
      function: feature.function,
      column: this.#column(feature.column, feature.columnPath),
      other:
        feature.other === null ? null : this.#column(feature.other, [...feature.path, "other"]),
      window: feature.window,
      minPeriods: feature.minPeriods,
      quantile: feature.quantile,
    });
    this.#indices.set(feature.name, index);
    return index;
  }

  #checkName({ name, path }: RequestedFeature): void {
    if (this.#indices.has(name)) {
      this.#findings.fault(path, `two features are named "${name}"`, "Rename one of them");
    } else if (this.#layout.numeric.includes(name)) {
      this.#findings.fault(path, `"${name}" is the name of a column`, "Give it another name");
    }
  }

  #column(name: string, path: Path): number {
    const index = this.#layout.numeric.indexOf(name);
    if (index < 0) this.#findings.fault(path, ...noNumericColumn(name, this.#layout));
    return index;
  }
}

/**
 * Why the column of a name is not numeric: `column "room" holds text`. Null: the layout has no such column.
 */
export function nonNumericReason(name: string, layout: Layout): string | null {
  const { key, timestamp } = layout;
  if (layout.text.includes(name) || name === key || Object.hasOwn(layout.constants, name))
    return `column "${name}" holds text`;
  if (timestamp?.columns.includes(name)) return `column "${name}" is the timestamp`;
  if (layout.labels.includes(name))
    return `column "${name}" is a label, and features can't use labels`;
  return null;
}

/** Message and hint of the fault that a name is not a numeric column. */
export function noNumericColumn(name: string, layout: Layout): [message: string, hint: Hint] {
  const message = nonNumericReason(name, layout) ?? `there is no column "${name}"`;
  return [message, () => suggestAndList(name, layout.numeric, "Numeric columns are")];
}

function single(entry: SingleFeatureConfig, index: number): RequestedFeature {
  const path = ["features", index];
  return {
    name: entry.name,
    column: entry.column,
    columnPath: [...path, "column"],
    function: entry.function,
    functionPath: [...path, "function"],
    window: entry.window ?? null,
    windowPath: [...path, "window"],
    other: entry.other ?? null,
    minPeriods: entry.min_periods ?? null,
    quantile: entry.quantile ?? null,
    path,
  };
}

function product(entry: FeatureProductConfig, path: Path): RequestedFeature[] {
  const windows = entry.windows?.map((window, k) => ({ window, at: ["windows", k] })) ?? [
    { window: null, at: ["windows"] },
  ];
  return entry.columns.flatMap((column, i) =>
    entry.functions.flatMap((name, j) => {
      const quantile = rollingFunctions[name].quantile ? (entry.quantile ?? null) : null;
      const takesNone = rollingFunctions[name].window === "none";
      return (takesNone ? [{ window: null, at: ["windows"] }] : windows).map(({ window, at }) => ({
        name: featureName({ column, function: name, window, quantile }),
        column,
        columnPath: [...path, "columns", i],
        function: name,
        functionPath: [...path, "functions", j],
        window,
        windowPath: [...path, ...at],
        other: rollingFunctions[name].columns === 2 ? (entry.other ?? null) : null,
        minPeriods: takesMinPeriods(name) ? (entry.min_periods ?? null) : null,
        quantile,
        path,
      }));
    }),
  );
}

/** A setting for several functions is a fault if none of them takes it. */
function checkUsed(entry: FeatureProductConfig, path: Path, findings: Findings): void {
  const definition = entry.functions.map((name): RollingFunction => rollingFunctions[name]);
  const used = {
    windows: definition.some(({ window }) => window !== "none"),
    quantile: definition.some(({ quantile }) => quantile),
    other: definition.some(({ columns }) => columns === 2),
    min_periods: definition.some(({ leastSamples }) => leastSamples !== null),
  } as const;
  for (const key of ["windows", "quantile", "other", "min_periods"] as const) {
    if (entry[key] === undefined || used[key]) continue;
    findings.fault([...path, key], `none of the functions takes ${key}`, undefined, "key");
  }
}

function takesMinPeriods(name: RollingFunctionName): boolean {
  const definition: RollingFunction = rollingFunctions[name];
  return definition.leastSamples !== null;
}

/** Checks the settings of a feature against its function. */
function checkSettings(feature: RequestedFeature, maxRows: number, findings: Findings): void {
  const definition: RollingFunction = rollingFunctions[feature.function];
  checkWindow(feature, definition, maxRows, findings);
  const name = feature.function;
  if (definition.quantile && feature.quantile === null) {
    findings.fault(feature.path, `${name} needs a quantile`, "Add one, for example quantile: 0.95");
  }
  if (!definition.quantile && feature.quantile !== null) {
    findings.fault([...feature.path, "quantile"], `${name} takes no quantile`);
  }
  if (definition.columns === 2 && feature.other === null) {
    findings.fault(feature.path, `${name} needs a second column`, "Add it as `other`");
  }
  if (definition.columns === 1 && feature.other !== null) {
    findings.fault([...feature.path, "other"], `${name} takes one column only`);
  }
  if (feature.minPeriods === null) return;
  const path = [...feature.path, "min_periods"];
  if (definition.leastSamples === null) findings.fault(path, `${name} takes no min_periods`);
  else if (feature.window?.kind === "rows" && feature.minPeriods > feature.window.rows) {
    findings.fault(
      path,
      `${feature.minPeriods} is more than the window of ${feature.window.rows} rows`,
    );
  }
}

function checkWindow(
  { window, windowPath, functionPath, function: name }: RequestedFeature,
  definition: RollingFunction,
  maxRows: number,
  findings: Findings,
): void {
  if (window === null) {
    if (definition.window !== "required") return;
    findings.fault(functionPath, `${name} needs a window`, "Give rows (10) or a duration (5m)");
  } else if (definition.window === "none") {
    findings.fault(windowPath, `${name} takes no window`);
  } else if (window.kind === "duration") {
    if (!definition.durations) findings.fault(windowPath, `${name} takes a window in rows only`);
  } else if (window.rows > maxRows) {
    const message = `a window of ${window.rows} rows is larger than the buffer (${maxRows})`;
    findings.fault(windowPath, message, "Raise buffer.max_rows, or use a smaller window");
  }
}
