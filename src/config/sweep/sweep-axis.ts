import { parse } from "yaml";
import { IotmonError } from "../../core/errors.ts";
import type { Path } from "../document.ts";
import { didYouMean, suggestAndList } from "../suggest.ts";

/** One value of a pipeline, and what is tried for it. */
export interface SweepAxis {
  /** As the user wrote it: `detectors.sensor_anomaly.contamination`. */
  readonly name: string;
  /** Where it is in the document. */
  readonly path: Path;
  /** At least one. */
  readonly values: readonly unknown[];
}

/** What one setting puts in the place of each axis, in their order. */
export type Setting = readonly unknown[];

/** Sections that can be swept: a recording is read once, so how it is read can't be. */
const SECTIONS = ["features", "detectors", "alerts"];
const MOST_SETTINGS = 1000;

/**
 * Understands `PATH=v1,v2,...`. Steps of the path are separated by dots; an entry of a list goes by its
 * index or its name. Values are written as in a pipeline file.
 *
 * @param document The pipeline that the path leads through.
 * @throws {IotmonError} `ERR_USAGE` when it leads nowhere, or there are no values.
 */
export function parseSweepAxis(text: string, document: unknown): SweepAxis {
  const [, name = "", list = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  const steps = name.split(".").map((step) => step.trim());
  if (list.trim() === "" || steps.includes("") || steps.includes("__proto__")) {
    throw fault(
      text,
      "is not understood",
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
    // sections within are made where there are none; entries of lists are not
    if (value === undefined && depth === 0 && section !== "alerts") throw nothingAt(section, text);
  }
  return { name, path, values: parseValues(list, text) };
}

/** Every combination of the values, the last axis varying fastest. */
export function settingsOf(axes: readonly SweepAxis[]): readonly Setting[] {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_SETTINGS) {
    throw new IotmonError("ERR_USAGE", `--sweep: ${count} settings are too many`, {
      hint: `At most ${MOST_SETTINGS}: sweep fewer values, or one path after the other`,
    });
  }
  return axes.reduce<readonly Setting[]>(
    (settings, { values }) => settings.flatMap((setting) => values.map((v) => [...setting, v])),
    [[]],
  );
}

/** A copy of the document with the values of a setting in it. */
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
    // told below, in words that fit a command line
  }
  throw fault(text, "its values are not understood", "Expected v1,v2, each as in a pipeline file");
}

function fault(text: string, message: string, hint: string): IotmonError {
  return new IotmonError("ERR_USAGE", `--sweep ${text}: ${message}`, { hint });
}
