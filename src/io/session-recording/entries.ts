import { z } from "zod";
import type { InputProfile } from "../decoders/input-profile.ts";

/** The first bytes of every session recording. */
export const RECORDING_START = '{"iotmon":"recording"';
const VERSION = 1;
/** Largest time of a `Date`, ms. */
const MAX_MS = 8.64e15;

/** The pipeline and the sources at the start of a session recording. */
export interface SessionHeader {
  /** Name of the pipeline. */
  readonly name: string;
  /** Whether the pipeline had earlier readings, which the recording lacks. */
  readonly warm: boolean;
  /** Clock time at which the previous file of the session ended, ms since epoch; left out in the first one. */
  readonly gap?: number | undefined;
  /** Names of the sources. */
  readonly sources: readonly string[];
  /** The columns of the input. */
  readonly profile: InputProfile;
  /** The pipeline as its author wrote it, with variables; without sinks, with all columns. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** A source whose lines follow. */
export interface RecordedSource {
  readonly source: string;
  /** Format of its lines. */
  readonly profile: InputProfile;
  /** Sensor of rows that name none. */
  readonly sensor: string;
  /** Number of its rows before. */
  readonly rows: number;
}

/** A line as it was read, and its arrival time, ms since epoch. */
export interface RecordedLine {
  readonly at: number;
  readonly line: string;
}

/** An entry of a session recording. Entries are in the order of scoring. */
export type SessionEntry =
  | ({ readonly kind: "header" } & SessionHeader)
  | ({ readonly kind: "source" } & RecordedSource)
  | ({ readonly kind: "line"; readonly source: string } & RecordedLine)
  /** Event time advanced to `tick`, ms, without a reading, and events were due. */
  | { readonly kind: "tick"; readonly tick: number }
  /** Event time in which no session ran, ms. */
  | { readonly kind: "pause"; readonly pause: { readonly from: number; readonly to: number } };

const profile = z.looseObject({
  format: z.string(),
  columns: z.array(z.looseObject({ name: z.string() })),
});
const header = z.object({
  iotmon: z.literal("recording"),
  version: z.literal(VERSION),
  name: z.string(),
  warm: z.boolean(),
  gap: z.number().min(-MAX_MS).max(MAX_MS).optional(),
  sources: z.array(z.string()),
  profile,
  document: z.record(z.string(), z.unknown()),
});
const source = z.object({
  source: z.string(),
  profile,
  sensor: z.string(),
  rows: z.number(),
});
const line = z.object({ at: z.number(), source: z.string(), line: z.string() });
const tick = z.object({ at: z.number(), tick: z.number() });
const pause = z.object({ pause: z.object({ from: z.number(), to: z.number() }) });

/** Encodes an entry as a line, with its line break. */
export function writeEntry(entry: SessionEntry): string {
  return `${JSON.stringify(plain(entry))}\n`;
}

function plain(entry: SessionEntry): object {
  const { kind, ...rest } = entry;
  if (kind === "header") return { iotmon: "recording", version: VERSION, ...rest };
  if (entry.kind === "tick") return { at: entry.tick, tick: entry.tick };
  if (entry.kind === "line") return { at: entry.at, source: entry.source, line: entry.line };
  return rest;
}

/** Decodes a line; null if it is not an entry, such as a truncated last line. */
export function readEntry(text: string): SessionEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const asLine = line.safeParse(value);
  if (asLine.success) return { kind: "line", ...asLine.data };
  const asTick = tick.safeParse(value);
  if (asTick.success) return { kind: "tick", tick: asTick.data.tick };
  const asPause = pause.safeParse(value);
  if (asPause.success) return { kind: "pause", ...asPause.data };
  const asSource = source.safeParse(value);
  if (asSource.success) {
    return { kind: "source", ...asSource.data, profile: profileOf(asSource.data.profile) };
  }
  const asHeader = header.safeParse(value);
  if (!asHeader.success) return null;
  const { iotmon: _iotmon, version: _version, ...rest } = asHeader.data;
  return { kind: "header", ...rest, profile: profileOf(rest.profile) };
}

/** A profile written by `watch`. */
function profileOf(read: z.infer<typeof profile>): InputProfile {
  return read as unknown as InputProfile;
}
