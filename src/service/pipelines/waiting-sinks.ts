import type { OutboxSink } from "../../io/outbox/outbox-options.ts";

/** The sinks of a pipeline, of which some have lost secrets. */
export interface IncompleteSinks {
  readonly pipeline: string;
  /** In the order of the document. */
  readonly sinks: readonly OutboxSink[];
  /** Lost settings, by the index of their sink. */
  readonly lost: ReadonlyMap<number, readonly string[]>;
  /** Path of the key file. */
  readonly keyFile: string;
}

/**
 * Sinks of which those with lost secrets send nothing: their messages wait, until their age makes them dead letters.
 *
 * @param report Receives a line for each such sink, with what to do.
 */
export function waitingSinks(
  { pipeline, sinks, lost, keyFile }: IncompleteSinks,
  report: (line: string) => void,
): readonly OutboxSink[] {
  return sinks.map((configured, i) => {
    const settings = lost.get(i);
    if (settings === undefined) return configured;
    const { sink } = configured;
    report(
      `the sink ${sink.name} of the pipeline ${pipeline} has lost its secrets (${settings.join(", ")}), and its messages ` +
        `wait: their key is not in ${keyFile}. Put the key file back and restart the server, or put the pipeline again ` +
        `with PUT /v1/ml/pipelines/${pipeline}`,
    );
    const reason = "its secrets are lost, see the log of the start";
    return {
      ...configured,
      sink: {
        name: sink.name,
        deliver: async () => ({ kind: "retry", reason }) as const,
        close: () => sink.close(),
      },
    };
  });
}
