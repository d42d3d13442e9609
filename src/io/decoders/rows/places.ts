import type { Layout } from "../../../core/layout.ts";
import { type TimePlan, timeColumn } from "../../../core/timestamp/time-plan.ts";
import { CellReader } from "../cells/cell-reader.ts";
import type { InputProfile } from "../input-profile.ts";

/** A column of the batch, and the position of its cell in a record. */
export interface Place {
  readonly name: string;
  /** {@link ABSENT} if the input has no such column. */
  readonly cell: number;
  /** Reads its numbers; null: they are plain. */
  readonly reader: CellReader | null;
}

/** Position of a missing column. */
export const ABSENT = -1;

/** Positions of the columns of a layout in the records of an input. */
export interface Places {
  /** Null: no timestamps; the time follows from the number of the row. */
  readonly time: { readonly plan: TimePlan; readonly places: readonly Place[] } | null;
  readonly key: Place;
  readonly numeric: readonly Place[];
  readonly labels: readonly Place[];
  readonly text: readonly Place[];
}

/** Finds the columns of the layout in an input, by name. */
export function findPlaces(
  profile: Pick<InputProfile, "columns" | "time">,
  layout: Layout,
): Places {
  const place = (name: string): Place => {
    const cell = profile.columns.findIndex((column) => column.name === name);
    const cells = profile.columns[cell]?.cells;
    return { name, cell, reader: cells === undefined ? null : new CellReader(cells) };
  };
  const plan = timePlanOf(profile, layout);
  return {
    time: plan === null ? null : { plan, places: plan.columns.map(place) },
    key: layout.key === null ? { name: "", cell: ABSENT, reader: null } : place(layout.key),
    numeric: layout.numeric.map(place),
    labels: layout.labels.map(place),
    text: layout.text.map(place),
  };
}

/** How the columns of the layout write the time in this input: the files of one stream may differ. */
function timePlanOf(
  { columns, time }: Pick<InputProfile, "columns" | "time">,
  { timestamp }: Layout,
): TimePlan | null {
  if (timestamp === null) return null;
  const own = time?.kind === "plan" ? time.plan : null;
  const names = timestamp.columns.join("\n");
  if (own !== null && own.columns.join("\n") === names) return own;
  const [name = ""] = timestamp.columns;
  const format = columns.find((column) => column.name === name)?.timestampFormat;
  if (timestamp.columns.length > 1 || !format) return timestamp;
  return { ...timeColumn(name, format), zone: timestamp.zone };
}
