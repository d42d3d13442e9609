import type { Fault } from "../../core/errors.ts";
import { type ParsedSeries, parseSeries, type SeriesTerm } from "../../core/series/parse-series.ts";
import { seriesLength } from "../../core/series/series-values.ts";
import { faultAt, type Locate, type Path } from "../document.ts";
import type { LoadedPipeline } from "../loaded-pipeline.ts";
import type { TestConfig } from "../schema/tests/tests.ts";
import { sinkNames } from "../sinks/sink-names.ts";
import { suggest } from "../suggest.ts";
import type { LoadedTest } from "./test-suite.ts";

/** Faults that the schema of a test can't find: bad notation, unequal lengths, names that the pipeline lacks. */
export function testFaults({ test, index, pipeline }: LoadedTest, locate: Locate): Fault[] {
  const path = ["tests", index];
  return [
    ...seriesFaults(test, path, locate),
    ...nameFaults(test, pipeline, [...path, "expect"], locate),
  ];
}

function seriesFaults({ series, sensors = {} }: TestConfig, path: Path, locate: Locate): Fault[] {
  const all = [
    ...Object.entries(series ?? {}).map(([column, text]) => [["series", column], text] as const),
    ...Object.entries(sensors).flatMap(([sensor, columns]) =>
      Object.entries(columns).map(([column, text]) => [["sensors", sensor, column], text] as const),
    ),
  ];
  const faults: Fault[] = [];
  const parsed: (readonly [Path, readonly SeriesTerm[]])[] = [];
  for (const [rest, text] of all) {
    const at = [...path, ...rest];
    const result: ParsedSeries = parseSeries(text);
    if ("terms" in result) parsed.push([at, result.terms]);
    else {
      const { index, message } = result;
      faults.push(faultAt(locate, at, message, undefined, index));
    }
  }
  return faults.length > 0 ? faults : lengthFaults(parsed, locate);
}

/** Columns of different lengths are faults, because the last values of the shorter ones are unclear. */
function lengthFaults(
  parsed: readonly (readonly [Path, readonly SeriesTerm[]])[],
  locate: Locate,
): Fault[] {
  const longest = Math.max(0, ...parsed.map(([, terms]) => seriesLength(terms)));
  return parsed.flatMap(([at, terms]) => {
    const length = seriesLength(terms);
    const isOpen = terms.at(-1)?.count === null;
    if (isOpen || length === longest) return [];
    const problem = `has ${length} rows, but another column has ${longest}`;
    const hint = "End it with x* to repeat the last term, or with _x* for missing values";
    return faultAt(locate, at, problem, hint);
  });
}

function nameFaults(
  { expect }: TestConfig,
  { config }: LoadedPipeline,
  path: Path,
  locate: Locate,
): Fault[] {
  const detectors = config.detectors.map(({ name }) => name);
  const sinks = sinkNames(config.sinks);
  const named: (readonly [Path, string | undefined])[] = [
    ...entries(expect.alerts).map(
      ({ detector }, i) => [["alerts", i, "detector"], detector] as const,
    ),
    ...(expect.scores ?? []).map(
      ({ detector }, i) => [["scores", i, "detector"], detector] as const,
    ),
  ];
  for (const [i, name] of (expect.detectors ?? []).entries()) named.push([["detectors", i], name]);
  return [
    ...named.flatMap(([rest, name]) => {
      if (name === undefined || detectors.includes(name)) return [];
      return unknown([...path, ...rest], "value", "detector", name, detectors, locate);
    }),
    ...Object.keys(expect.sinks ?? {}).flatMap((name) =>
      sinks.includes(name)
        ? []
        : unknown([...path, "sinks", name], "key", "sink", name, sinks, locate),
    ),
  ];
}

function entries<Entry>(value: "none" | number | readonly Entry[] | undefined): readonly Entry[] {
  return Array.isArray(value) ? value : [];
}

function unknown(
  path: Path,
  part: "key" | "value",
  what: string,
  name: string,
  known: readonly string[],
  locate: Locate,
): Fault {
  const hint = known.length === 0 ? undefined : suggest(name, known, `It has`);
  return faultAt(locate, path, `the pipeline has no ${what} "${name}"`, hint, part);
}
