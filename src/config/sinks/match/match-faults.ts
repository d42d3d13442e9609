import type { Fault } from "../../../core/errors.ts";
import { LabelPattern } from "../../../io/sinks/label-pattern.ts";
import { faultAt, type Locate, type Path } from "../../document.ts";
import type { SinkConfig } from "../../schema/sinks/sinks.ts";

/** Maximum number of expressions of all sinks, because compiling one may take 10 ms. */
const MAX_EXPRESSIONS = 100;

/**
 * Faults of the expressions in `match`.
 *
 * @param faulty Entries to skip, such as `sinks.0`.
 */
export function matchFaults(
  sinks: readonly SinkConfig[],
  locate: Locate,
  faulty: ReadonlySet<string>,
): readonly Fault[] {
  const found = sinks.flatMap((sink, i) => (faulty.has(`sinks.${i}`) ? [] : patternsOf(sink, i)));
  const faults = found.slice(0, MAX_EXPRESSIONS).flatMap(({ path, pattern: { fault } }) => {
    return fault === null ? [] : [faultAt(locate, path, fault.message, fault.hint)];
  });
  const excess = found[MAX_EXPRESSIONS];
  if (excess === undefined) return faults;
  const message = `is one of ${found.length} expressions; at most ${MAX_EXPRESSIONS} are allowed`;
  return [
    ...faults,
    faultAt(locate, excess.path, message, "Join expressions with |, or write texts"),
  ];
}

function patternsOf({ match }: SinkConfig, sink: number): { path: Path; pattern: LabelPattern }[] {
  return Object.entries(match).flatMap(([label, values]) =>
    [values].flat().flatMap((pattern, i) => {
      if (!(pattern instanceof LabelPattern)) return [];
      const path = ["sinks", sink, "match", label];
      return [{ path: Array.isArray(values) ? [...path, i] : path, pattern }];
    }),
  );
}
