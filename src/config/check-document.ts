import type { Fault } from "../core/errors.ts";
import type { Locate } from "./document.ts";
import { type PipelineConfig, pipelineSchema } from "./schema/pipeline.ts";
import { describeIssue, explainIssues, prefix } from "./schema-faults.ts";
import { sinkFaults } from "./sink-faults.ts";
import { replaceVariables, type VariableFault, type Variables } from "./variables.ts";

/** A document that fits the schema, or why it does not. */
export interface CheckedDocument {
  readonly config: PipelineConfig | null;
  readonly faults: readonly Fault[];
}

/**
 * Replaces variables in a pipeline document and holds it against the schema.
 *
 * @param origin Where it came from; only a file must keep its secrets elsewhere.
 */
export function checkDocument(
  document: unknown,
  locate: Locate,
  variables: Variables,
  origin: "file" | "http" = "file",
): CheckedDocument {
  const unset: VariableFault[] = [];
  const replaced = replaceVariables(document, variables, unset);
  const result = pipelineSchema.safeParse(replaced, { error: describeIssue });
  const faults = [
    ...unset.map(({ path, message, hint }) => ({
      at: locate(path),
      message: `${prefix(path)}${message}`,
      hint,
    })),
    ...(result.success
      ? sinkFaults(result.data.sinks, document, locate, origin)
      : explainIssues(result.error.issues, document, locate)),
  ];
  return { config: result.data ?? null, faults };
}
