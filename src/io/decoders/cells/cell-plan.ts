/**
 * How the cells of one column are written, where they are not plain numbers. The profile decides it from the sample and
 * the settings; decoders only follow it. Plain data that JSON can store.
 */
export interface CellPlan {
  /** Unit behind each number; "" for none. A cell with another unit is not a number. */
  readonly unit: string;
  readonly decimalMark: "." | ",";
  /** What groups thousands; `blank` is a blank, a no-break space or an apostrophe; null: nothing. */
  readonly thousands: "." | "," | "blank" | null;
  /** Number of each word, by the word in lower case. */
  readonly values: Readonly<Record<string, number>>;
  /** Words for a missing value beside those that always count, in lower case. */
  readonly missing: readonly string[];
}

/** What `source` says about the cells of all columns. */
export interface CellSettings {
  /** `source.values`: the number of each word, by column. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  /** `source.missing`: words and numbers for a missing value, by column; `*` holds those of all columns. */
  readonly missing?: Readonly<Record<string, readonly (string | number)[]>> | undefined;
  /** `source.decimal_mark`; undefined: decided from the sample. */
  readonly decimalMark?: "." | "," | undefined;
}

/** What `source.missing` says about a column; undefined: nothing. */
export function missingSetting(
  name: string,
  { missing = {} }: CellSettings,
): readonly (string | number)[] | undefined {
  const own = Object.hasOwn(missing, name) ? missing[name] : undefined;
  const all = Object.hasOwn(missing, "*") ? missing["*"] : undefined;
  return own === undefined && all === undefined ? undefined : [...(all ?? []), ...(own ?? [])];
}

/** Words for a missing value that the settings give a column, in lower case. */
export function missingWords(name: string, settings: CellSettings): readonly string[] {
  const words = missingSetting(name, settings) ?? [];
  return words.flatMap((word) => (typeof word === "string" ? word.trim().toLowerCase() : []));
}

/** Numbers of the words that the settings give a column, by the word in lower case. */
export function wordValues(
  name: string,
  { values = {} }: CellSettings,
): Readonly<Record<string, number>> {
  const own = Object.hasOwn(values, name) ? (values[name] ?? {}) : {};
  return Object.fromEntries(
    Object.entries(own).map(([word, value]) => [word.trim().toLowerCase(), value]),
  );
}
