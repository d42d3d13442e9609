import type { Path } from "./document.ts";
import type { PipelineConfig } from "./schema/pipeline.ts";
import type { SourceConfig } from "./schema/source.ts";

/** A source of a pipeline, and where it stands in the document. */
export interface PlacedSource {
  readonly source: SourceConfig;
  readonly path: Path;
}

/** All sources, in the order in which they are written. */
export function sourcesOf(config: PipelineConfig): readonly PlacedSource[] {
  const { source } = config;
  if (source === undefined) return [];
  return Array.isArray(source)
    ? source.map((entry, i) => ({ source: entry, path: ["source", i] }))
    : [{ source, path: ["source"] }];
}

/** What rows that come over HTTP call the columns of a pipeline otherwise: `rename` of its http source. */
export function httpRename(config: PipelineConfig | null): Readonly<Record<string, string>> {
  if (config === null) return {};
  return sourcesOf(config).find(({ source }) => source.type === "http")?.source.rename ?? {};
}

/** The source whose reading options (format, rename, set, labels) recordings are read with: a file's, else the first one's. */
export function recordingSource(config: PipelineConfig): PlacedSource | null {
  const all = sourcesOf(config);
  return all.find(({ source }) => source.type === "file") ?? all[0] ?? null;
}
