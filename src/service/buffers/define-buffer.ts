import { declaredProfile } from "../../config/check/declared-profile.ts";
import { describeIssue, explainIssues } from "../../config/check/schema-faults.ts";
import { resolveColumns } from "../../config/resolve/columns.ts";
import { pipelineSchema } from "../../config/schema/pipeline.ts";
import type { Layout } from "../../core/layout.ts";
import type { BufferDefinition } from "../api.ts";
import { fieldFindings, throwFirstFault } from "../checks/findings.ts";
import type { Limits } from "../checks/limits.ts";
import { checkCount, checkName } from "../checks/names.ts";

/**
 * Finds the role of each column of a buffer.
 *
 * @throws {CommandError} `invalid`, `limit`.
 */
export function defineBuffer(definition: BufferDefinition, limits: Limits): Layout {
  const { name, schema, maxRows, key } = definition;
  checkName(name);
  checkCount("columns", Object.keys(schema).length, limits.columns, "schema");
  const document = { version: 1, buffer: { schema, max_rows: maxRows, key } };
  const parsed = pipelineSchema.safeParse(document, { error: describeIssue });
  if (!parsed.success) {
    const faults = explainIssues(parsed.error.issues, document, (path) => path.join("."));
    throwFirstFault({ faults }, "buffer");
  }
  const findings = fieldFindings();
  const config = pipelineSchema.parse(document);
  const profile = declaredProfile(config) ?? EMPTY_PROFILE;
  const layout = resolveColumns(config, profile, name, findings);
  throwFirstFault(findings, "buffer");
  return layout;
}

const EMPTY_PROFILE = { format: "declared", columns: [], rowsSampled: 0, remarks: [] };
