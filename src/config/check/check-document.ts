import type { Fault } from "../../core/errors.ts";
import type { Locate } from "../document.ts";
import { type PipelineConfig, pipelineSchema } from "../schema/pipeline.ts";
import { sinkFaults } from "../sinks/sink-faults.ts";
import { type Salvaged, salvage } from "./salvage.ts";
import { describeIssue, explainIssues, prefix } from "./schema-faults.ts";
import { replaceVariables, type VariableFault, type Variables } from "./variables.ts";

/** A document that fits the schema, or why it does not. */
export interface CheckedDocument {
  readonly config: PipelineConfig | null;
  readonly faults: readonly Fault[];
  /** What can be checked further of a document that does not fit; null: nothing. */
  readonly salvaged: Salvaged | null;
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
  const salvaged = result.success
    ? { config: result.data, faulty: new Set<string>() }
    : salvage(replaced, result.error.issues);
  const faults = [
    ...unset.map(({ path, message, hint }) => ({
      at: locate(path),
      message: `${prefix(path)}${message}`,
      hint,
    })),
    ...(result.success ? [] : explainIssues(result.error.issues, document, locate)),
    ...(salvaged === null
      ? []
      : sinkFaults(salvaged.config.sinks, document, locate, origin, salvaged.faulty)),
  ];
  return { config: result.data ?? null, faults, salvaged: withoutUnset(salvaged, unset) };
}

/** Marks what holds a variable that is not set. Columns that are not known leave nothing to check. */
function withoutUnset(salvaged: Salvaged | null, unset: readonly VariableFault[]): Salvaged | null {
  if (salvaged === null) return null;
  const faulty = new Set(salvaged.faulty);
  for (const { path } of unset) {
    const [section, index] = path;
    if (section === "source" || section === "buffer") return null;
    faulty.add(typeof index === "number" ? `${section}.${index}` : String(section));
  }
  return { ...salvaged, faulty };
}
