import type { Fault } from "../../core/errors.ts";
import { faultAt, type Locate } from "../document.ts";
import { type PipelineConfig, pipelineSchema } from "../schema/pipeline.ts";
import { heartbeatFaults, sinkFaults } from "../sinks/sink-faults.ts";
import { type Salvaged, salvage } from "./salvage.ts";
import { describeIssue, explainIssues } from "./schema-faults.ts";
import { sourceSecretFaults } from "./source-secrets.ts";
import { replaceVariables, type VariableFault, type Variables, withoutUnset } from "./variables.ts";

/** The result of checking a document against the schema. */
export interface CheckedDocument {
  readonly config: PipelineConfig | null;
  readonly faults: readonly Fault[];
  /** The part of a faulty document that can still be checked; null if nothing can. */
  readonly salvaged: Salvaged | null;
}

/**
 * Replaces variables in a pipeline document and checks it against the schema.
 *
 * @param origin Only in a file, a secret that is written out is a fault.
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
    ...unset.map(({ path: at, message, hint }) => faultAt(locate, at, message, hint)),
    ...(result.success
      ? []
      : withoutUnset(explainIssues(result.error.issues, document, locate), unset)),
    ...(salvaged === null
      ? []
      : sinkFaults(salvaged.config.sinks, document, locate, origin, salvaged.faulty)),
    ...(salvaged === null || origin === "http"
      ? []
      : [
          ...heartbeatFaults(salvaged.config, document, locate),
          ...sourceSecretFaults(document, locate),
        ]),
  ];
  return { config: result.data ?? null, faults, salvaged: markUnset(salvaged, unset) };
}

/**
 * Marks sections and entries with unset variables as faulty. Null if `source` or `buffer` has one, because
 * all other sections depend on the columns.
 */
function markUnset(salvaged: Salvaged | null, unset: readonly VariableFault[]): Salvaged | null {
  if (salvaged === null) return null;
  const faulty = new Set(salvaged.faulty);
  for (const { path } of unset) {
    const [section, index] = path;
    if (section === "source" || section === "buffer") return null;
    faulty.add(typeof index === "number" ? `${section}.${index}` : String(section));
  }
  return { ...salvaged, faulty };
}
