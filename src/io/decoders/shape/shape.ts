import { joinedKey } from "../../../core/layout.ts";

/** Rows hold one quantity each: its name and its number are in columns of their own. */
export interface Pivot {
  /** Columns with the name, joined by a slash. */
  readonly name: readonly string[];
  /** Column with the number. */
  readonly value: string;
  /** Whether the name is the end of a path, whose other parts name the sensor: `plant/pump-1/temperature`. */
  readonly path: boolean;
  /** Column of the reading by name of the quantity, as far as the sample has them; "": it has none. */
  readonly columns: Readonly<Record<string, string>>;
  /** Whether the input has one series after the other, so that its rows must be sorted by time. */
  readonly isSorted: boolean;
}

/** Columns hold the same quantity of one sensor each. */
export interface Melt {
  /** The columns; their names are those of the sensors. */
  readonly columns: readonly string[];
  /** Column of the values in the readings, and of the sensor. */
  readonly value: string;
  readonly key: string;
}

/**
 * How the rows of an input become readings, where they are not readings already: rows in long format are parts of
 * readings, those in wide format hold several. Plain data that JSON can store.
 */
export interface Shape {
  readonly pivot: Pivot | null;
  readonly melt: Melt | null;
  /** Columns of the rows that name the sensor together; empty: as `Layout.key` says. */
  readonly key: readonly string[];
}

/** `source.pivot`. */
export type PivotSetting = Pick<Pivot, "name" | "value" | "path">;

/** The quantity that a name tells. */
export function quantityOf(name: string, { path }: Pick<Pivot, "path">): string {
  return path ? name.slice(name.lastIndexOf("/") + 1) : name;
}

/** The sensor that a path tells; "": none. */
export function sensorOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The column that names the sensor in the readings; null: the shape does not say. */
export function shapedKey({ melt, key }: Pick<Shape, "melt" | "key">): string | null {
  if (melt !== null) return melt.key;
  return key.length === 0 ? null : joinedKey(key);
}

/** What the settings of a source and its buffer say about its shape; undefined: not set. */
export interface ShapeSettings {
  /** Columns that name the sensor; null: none does. */
  readonly key?: readonly string[] | null | undefined;
  readonly pivot?: false | PivotSetting | undefined;
  /** Its columns may have `*` for any text. */
  readonly melt?: false | Melt | undefined;
  readonly join?: boolean | undefined;
  /** Whether only the settings count, because the columns are declared. */
  readonly isDeclared?: boolean | undefined;
}
