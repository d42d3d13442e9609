import type { Batch } from "../../src/core/batch.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import type { Layout } from "../../src/core/layout.ts";
import { csv } from "../../src/io/decoders/csv/csv.ts";
import type { Reject } from "../../src/io/decoders/decode-context.ts";
import type { InputProfile } from "../../src/io/decoders/input-profile.ts";
import { TextDictionary } from "../../src/io/decoders/rows/text-dictionary.ts";

/** One reading as a plain object, for comparing. */
export interface PlainRow {
  readonly row: number;
  readonly timestamp: number;
  readonly key: string;
  readonly numbers: readonly number[];
  readonly labels: readonly number[];
  readonly texts: readonly string[];
}

/** The content of a CSV input. */
export interface ReadCsv {
  readonly profile: ReturnType<typeof csv.profile>;
  readonly rows: readonly PlainRow[];
  readonly rejects: readonly Reject[];
  readonly batchRows: readonly number[];
}

export interface ReadCsvOptions {
  readonly layout?: Partial<Layout>;
  readonly keys?: KeyTable;
  readonly rename?: Record<string, string>;
  /** Where to cut the bytes. */
  readonly cuts?: readonly number[];
}

/** The layout that the profile suggests: `sensor_id` is the key. */
export function layoutOf(profile: InputProfile): Layout {
  const named = (role: string): string[] =>
    profile.columns
      .filter((column) => column.role === role && column.name !== "sensor_id")
      .map(({ name }) => name);
  return {
    timestamp: profile.time?.kind === "plan" ? profile.time.plan : null,
    key: profile.columns.some(({ name }) => name === "sensor_id") ? "sensor_id" : null,
    constantKey: "readings",
    numeric: named("number"),
    labels: named("label"),
    text: named("text"),
    constants: {},
  };
}

/** Reads CSV text or bytes through the decoder. */
export async function readCsv(
  content: string | Uint8Array,
  { layout = {}, keys = new KeyTable(), rename = {}, cuts = [] }: ReadCsvOptions = {},
): Promise<ReadCsv> {
  const bytes = Buffer.from(content);
  const profile = csv.profile(bytes, true, "readings.csv", { rename });
  const rejects: Reject[] = [];
  const rows: PlainRow[] = [];
  const batchRows: number[] = [];
  const whole = { ...layoutOf(profile), ...layout };
  const context = {
    layout: whole,
    keys,
    dictionaries: whole.text.map(() => new TextDictionary()),
    startMs: 0,
    source: 0,
    input: "readings.csv",
    reject: (reject: Reject) => rejects.push(reject),
  };
  for await (const batch of csv.decode(chunks(bytes, cuts), profile, context)) {
    batchRows.push(batch.length);
    rows.push(...plainRows(batch, keys));
  }
  return { profile, rows, rejects, batchRows };
}

/** The rows of a batch as plain objects. */
export function plainRows(batch: Batch, keys: KeyTable): PlainRow[] {
  return Array.from({ length: batch.length }, (_, i) => ({
    row: batch.rows[i] as number,
    timestamp: batch.timestamps[i] as number,
    key: keys.name(batch.keys[i] as number),
    numbers: batch.columns.map((column) => column[i] as number),
    labels: batch.labels.map((column) => column[i] as number),
    texts: batch.texts.map(({ codes, values }) => values[codes[i] as number] as string),
  }));
}

async function* chunks(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const edges = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])];
  edges.sort((a, b) => a - b);
  for (let i = 1; i < edges.length; i++) {
    yield new Uint8Array(bytes.subarray(edges[i - 1], edges[i]));
  }
}
