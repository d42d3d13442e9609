import { parse } from "yaml";
import type { Path } from "../../config/document.ts";
import { didYouMean, suggestAndList } from "../../config/suggest.ts";
import { IotmonError } from "../../core/errors.ts";

/** One value in a pipeline and the candidates to try for it. */
export interface SweepAxis {
  /** As the user wrote it: `detectors.sensor_anomaly.contamination`. */
  readonly name: string;
  /** Its place in the document. */
  readonly path: Path;
  /** At least one. */
  readonly values: readonly unknown[];
}

/** One candidate per axis, in the order of the axes. */
export type Setting = readonly unknown[];

/** Sections that can be swept. The recording is read once, so its source settings are fixed. */
const SECTIONS = ["features", "detectors", "alerts"];
const MAX_SETTINGS = 1000;

/**
 * Parses `PATH=v1,v2,...`. Dots separate the steps of the path; a step into a list is an index or a name.
 * Values are YAML, as in a pipeline file.
 *
 * @param document The pipeline that the path points into.
 * @throws {IotmonError} `ERR_USAGE` when the path does not exist, or there are no values.
 */
export function parseSweepAxis(text: string, document: unknown): SweepAxis {
  const [, name = "", list = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  const steps = name.split(".").map((step) => step.trim());
  if (list.trim() === "" || steps.includes("") || steps.includes("__proto__")) {
    throw fault(
      text,
      "the format is wrong",
      "Expected PATH=v1,v2 such as detectors.0.contamination=0.005,0.01",
    );
  }
  const [section = ""] = steps;
  if (!SECTIONS.includes(section)) {
    throw fault(
      text,
      `"${section}" can't be swept`,
      suggestAndList(section, SECTIONS, "These can"),
    );
  }
  const path: (string | number)[] = [];
  let value: unknown = document;
  for (const [depth, step] of steps.entries()) {
    if (Array.isArray(value)) {
      const index = indexIn(value, step, steps.slice(0, depth).join("."), text);
      path.push(index);
      value = value[index];
    } else {
      path.push(step);
      value = childOf(value, step);
    }
    // missing sections are created later; missing list entries are errors
    if (value === undefined && depth === 0 && section !== "alerts") throw nothingAt(section, text);
  }
  return { name, path, values: parseValues(list, text) };
}

/** All combinations of the values; the last axis varies fastest. */
export function settingsOf(axes: readonly SweepAxis[]): readonly Setting[] {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MAX_SETTINGS) {
    throw new IotmonError("ERR_USAGE", `--sweep: ${count} settings are too many`, {
      hint: `At most ${MAX_SETTINGS}: sweep fewer values, or one path at a time`,
    });
  }
  return axes.reduce<readonly Setting[]>(
    (settings, { values }) => settings.flatMap((setting) => values.map((v) => [...setting, v])),
    [[]],
  );
}

/** A copy of the document with the values of a setting. */
export function withSetting(
  document: unknown,
  axes: readonly SweepAxis[],
  setting: Setting,
): unknown {
  const copy: unknown = structuredClone(document);
  for (const [i, { path }] of axes.entries()) put(copy, path, setting[i]);
  return copy;
}

function put(document: unknown, path: Path, value: unknown): void {
  let place = document as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) {
    if (!Object.hasOwn(place, step)) place[step] = {};
    place = place[step] as Record<string | number, unknown>;
  }
  place[path.at(-1) ?? ""] = value;
}

function childOf(value: unknown, step: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string, unknown>)[step];
}

function indexIn(list: readonly unknown[], step: string, place: string, text: string): number {
  const names = list.map((entry) => childOf(entry, "name"));
  const named = names.indexOf(step);
  if (named >= 0) return named;
  if (/^\d+$/.test(step) && Number(step) < list.length) return Number(step);
  const known = names.filter((name): name is string => typeof name === "string");
  const last = list.length - 1;
  const entries = `${place} has entries 0${last > 0 ? ` to ${last}` : ""}`;
  const near = didYouMean(step, known);
  const hint =
    known.length === 0 ? entries : `${near ?? `Names are: ${known.join(", ")}`} (${entries})`;
  throw fault(text, `${place} has no entry "${step}"`, hint);
}

function nothingAt(section: string, text: string): IotmonError {
  return fault(text, `the pipeline has no ${section}`, `Write the ${section} into it first`);
}

function parseValues(list: string, text: string): readonly unknown[] {
  try {
    const values: unknown = parse(`[${list}]`);
    if (Array.isArray(values) && values.length > 0) return values;
  } catch {
    // the error below fits a command line better
  }
  throw fault(text, "the values are not valid YAML", "Expected v1,v2, each as in a pipeline file");
}

function fault(text: string, message: string, hint: string): IotmonError {
  return new IotmonError("ERR_USAGE", `--sweep ${text}: ${message}`, { hint });
}
