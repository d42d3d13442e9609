import { polars } from "../../../buffer/polars.ts";
import { IotmonError } from "../../../core/errors.ts";
import { isoTime } from "../../../core/timestamp/iso-time.ts";
import { timeColumn } from "../../../core/timestamp/time-plan.ts";
import { nameColumns } from "../columns/column-names.ts";
import { describeCells } from "../columns/describe-cells.ts";
import { formatRemarks, listNames, profileColumns } from "../columns/profile-columns.ts";
import type { TimeFinding } from "../columns/time/time-finding.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { ColumnProfile, InputProfile, Remark } from "../input-profile.ts";
import type { Cell } from "../rows/row-reader.ts";
import { fetchRows, kindOf, type ParquetField, type ParquetKind, polarsReason } from "./columns.ts";

/** The profile of a Parquet file, from its metadata and first rows. */
export interface ParquetProfile extends InputProfile {
  readonly path: string;
  readonly rows: number;
  /** Column of the file for each column of the profile. */
  readonly fields: readonly ParquetField[];
}

const DOT = 46;
const SAMPLE_ROWS = 5000;

/**
 * Profiles a Parquet file.
 *
 * @param path Absolute.
 * @param input Name of the file, for errors.
 * @throws {IotmonError} `ERR_DATA` if it can't be read or has nothing usable, `ERR_UNAVAILABLE` if Polars does not run
 * here.
 */
export async function profileParquet(
  path: string,
  input: string,
  options: DecodeOptions,
): Promise<ParquetProfile> {
  const fail = (what: string, cause?: unknown): IotmonError =>
    new IotmonError("ERR_DATA", what, {
      at: input,
      hint: "Expected Parquet with at least one column of numbers",
      cause,
    });
  polars();
  const { fields, ignored, rows, cells } = await readStart(path).catch((cause) => {
    throw fail(`the Parquet file can't be read: ${polarsReason(cause)}`, cause);
  });
  const fieldNames = fields.map(({ name }) => name);
  const { names, remarks } = nameColumns(fieldNames, fields.length, options.rename);
  const profiled = profileColumns(
    fields.map(({ name, kind }, i) => ({
      name: names[i] ?? name,
      nameless: name.trim() === "",
      cells: Array.from(cells[i] ?? [], (cell) => written(cell, kind)),
    })),
    DOT,
    { input, arrivalMs: null },
    options,
  );
  const { columns, facts } = profiled;
  const times = new Set(names.filter((_, i) => fields[i]?.kind === "time"));
  const typed = (profiles: readonly ColumnProfile[]) =>
    profiles.map((column) =>
      times.has(column.name) ? { ...column, timestampFormat: "epoch_ms" as const } : column,
    );
  const { rowColumns } = facts;
  if (!columns.some(({ role }) => role === "number")) {
    const seen = listNames(columns.map(({ name, role }) => `${name} (${role})`));
    throw fail(rows === 0 ? "the Parquet file has no rows" : `no numeric column: ${seen}`);
  }
  return {
    format: "parquet",
    ...facts,
    columns: typed(columns),
    ...(rowColumns === undefined ? {} : { rowColumns: typed(rowColumns) }),
    time: facts.time && withTyped(facts.time, times),
    rowsSampled: Math.min(rows, SAMPLE_ROWS),
    remarks: [
      ...formatRemarks(`${rows} rows`),
      ...remarks,
      ...ignored.map((name): Remark => {
        return { topic: "left out", column: name, text: "neither numbers, times nor text" };
      }),
      ...describeCells(columns),
      ...profiled.remarks,
    ],
    path,
    rows,
    fields,
  };
}

/** The times of typed columns come as numbers. */
function withTyped(time: TimeFinding, typed: ReadonlySet<string>): TimeFinding {
  const column =
    time.kind === "plan" ? time.plan.columns.find((name) => typed.has(name)) : undefined;
  if (column === undefined) return time;
  return { kind: "plan", plan: timeColumn(column, "epoch_ms"), by: "form" };
}

async function readStart(path: string): Promise<{
  readonly fields: readonly ParquetField[];
  readonly ignored: readonly string[];
  readonly rows: number;
  readonly cells: readonly ArrayLike<Cell>[];
}> {
  const pl = polars();
  const scan = pl.scanParquet(path);
  const { schema } = await scan.slice(0, 1).collect();
  const fields: ParquetField[] = [];
  const ignored: string[] = [];
  for (const [name, type] of Object.entries(schema)) {
    const kind = kindOf((type as { variant: string }).variant);
    if (kind === null) ignored.push(name);
    else fields.push({ name, kind });
  }
  const counted = await scan.select(pl.len().alias("rows")).collect();
  const rows = Number(counted.getColumn("rows").get(0));
  const cells = await fetchRows(scan, fields, 0, SAMPLE_ROWS);
  return { fields, ignored, rows, cells };
}

/** A cell as text for the profile; empty if missing. */
function written(cell: Cell, kind: ParquetKind): string {
  if (typeof cell === "string") return cell;
  if (!Number.isFinite(cell)) return "";
  return kind === "time" ? isoTime(cell) : String(cell);
}
