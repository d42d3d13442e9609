import type { CellSettings } from "../../io/decoders/cells/cell-plan.ts";
import { findSentinels } from "../../io/decoders/cells/find-sentinels.ts";
import type { ColumnProfile, ColumnRole, InputProfile } from "../../io/decoders/input-profile.ts";
import { namedColumns } from "../resolve/named-columns.ts";
import type { ColumnType } from "../schema/buffer.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import { decodeOptions, recordingSource } from "../sources.ts";

const ROLES: Readonly<Record<ColumnType, ColumnRole>> = {
  datetime: "timestamp",
  str: "text",
  float: "number",
  int: "number",
  bool: "number",
};

/** Replaces the profile of an input that can't be sampled. */
export interface DeclaredProfile extends InputProfile {
  /** Whether `buffer.schema` gives the columns. If not, they are the names that other sections use. */
  readonly complete: boolean;
}

/**
 * Profile of the input as the pipeline itself describes it.
 *
 * @returns Null when the pipeline names no column.
 */
export function declaredProfile(config: PipelineConfig): DeclaredProfile | null {
  const { schema, key } = config.buffer;
  const roles = new Map<string, ColumnRole>();
  for (const [name, type] of Object.entries(schema ?? {})) roles.set(name, ROLES[type]);
  if (schema === undefined) for (const name of namedColumns(config)) roles.set(name, "number");
  const source = recordingSource(config)?.source;
  const { labels = [], set = {} } = source ?? {};
  const { cells } = decodeOptions(source);
  for (const name of labels) roles.set(name, "label");
  if (roles.size === 0) return null;
  for (const part of key === undefined || key === null ? [] : [key].flat()) {
    if (!roles.has(part) && !Object.hasOwn(set, part)) roles.set(part, "text");
  }
  return {
    format: "declared",
    columns: [...roles].map(([name, role]) => describe(name, role, cells)),
    rowsSampled: 2,
    remarks: [],
    complete: schema !== undefined,
  };
}

function describe(
  name: string,
  role: ColumnRole,
  settings: CellSettings | undefined,
): ColumnProfile {
  const number = role === "number" ? 1 : Number.NaN;
  const sentinels = findSentinels(name, [], settings);
  return {
    name,
    role,
    timestampFormat: role === "timestamp" ? "iso8601" : null,
    timeLook: null,
    distinct: 1,
    missing: 0,
    numbers: role === "number" ? 2 : 0,
    min: number,
    max: number,
    examples: [],
    ...(sentinels.length === 0 ? {} : { sentinels }),
  };
}
