import { Readable } from "node:stream";
import { KeyTable } from "../../src/core/key-table.ts";
import type { Reject } from "../../src/io/decoders/decode-context.ts";
import type { ColumnProfile } from "../../src/io/decoders/input-profile.ts";
import { Readings } from "../../src/io/readings.ts";
import { expandInputs } from "../../src/io/sources/inputs/expand-inputs.ts";
import { layoutOf, type PlainRow, plainRows } from "./read-csv.ts";

/** The content of several inputs. */
export interface Stream {
  readonly format: string;
  readonly stem: string;
  readonly columns: readonly ColumnProfile[];
  readonly notes: readonly string[];
  readonly rows: readonly (PlainRow & { readonly source: number })[];
  readonly rejects: readonly Reject[];
}

/** Reads inputs of any format as one stream, with the layout of the first one. */
export async function readStream(
  cwd: string,
  paths: readonly string[],
  stdin: Readable = Readable.from([]),
): Promise<Stream> {
  const inputs = await expandInputs(paths, { cwd, stdin });
  const readings = await Readings.open(inputs, "auto", { rename: {} });
  const { format, columns } = readings.profile;
  const keys = new KeyTable();
  const rejects: Reject[] = [];
  const notes = readings.profile.remarks.map(({ text }) => text);
  const rows: (PlainRow & { source: number })[] = [];
  const batches = readings.batches({
    layout: layoutOf(readings.profile),
    keys,
    reject: (reject) => rejects.push(reject),
    note: (text) => notes.push(text),
  });
  for await (const batch of batches) {
    for (const row of plainRows(batch, keys)) rows.push({ ...row, source: batch.source });
  }
  return { format, stem: readings.first.stem, columns, notes, rows, rejects };
}
