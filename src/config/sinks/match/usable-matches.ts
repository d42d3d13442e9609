import { LabelPattern, type PatternFault } from "../../../io/sinks/label-pattern.ts";

interface StoredSink {
  readonly type: string;
  readonly name?: string;
  readonly match?: Readonly<Record<string, unknown>>;
}

/**
 * Leaves out the conditions of sinks whose expressions cannot be used, so that the sinks of an older document get
 * too many messages rather than none.
 *
 * @param document As stored. This function does not modify it.
 * @param report Receives a line for each condition that is left out.
 */
export function withUsableMatches(
  pipeline: string,
  document: unknown,
  report: (line: string) => void,
): unknown {
  const { sinks } = document as { readonly sinks?: unknown };
  if (!Array.isArray(sinks)) return document;
  const usable = sinks.map((sink: StoredSink) => {
    if (sink.match === undefined) return sink;
    const match = Object.entries(sink.match).filter(([label, values]) => {
      const fault = [values]
        .flat()
        .map(faultOf)
        .find((one) => one !== null);
      if (fault === undefined) return true;
      report(
        `the sink ${sink.name ?? sink.type} of the pipeline ${pipeline} gets messages with any value of ` +
          `${label}: its expression ${fault.message}. Put the pipeline again with another expression`,
      );
      return false;
    });
    return { ...sink, match: Object.fromEntries(match) };
  });
  return { ...(document as object), sinks: usable };
}

function faultOf(value: unknown): PatternFault | null {
  return typeof value === "string" ? (LabelPattern.of(value)?.fault ?? null) : null;
}
