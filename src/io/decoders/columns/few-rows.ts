import type { InputProfile } from "../decoder.ts";

/** Rows that must count up before a column without a time's name is taken for a running number. */
const MIN_ROWS = 20;
const TIME_NAME = /time|millis|uptime|tick|epoch|^ts$|^t$/i;

/**
 * A profile of few rows, read with care: three whole numbers that grow may well be readings.
 */
export function trustFewRows<Profile extends InputProfile>(profile: Profile): Profile {
  if (profile.rowsSampled >= MIN_ROWS) return profile;
  const columns = profile.columns.map((column) =>
    column.role === "index" && !TIME_NAME.test(column.name)
      ? { ...column, role: "number" as const }
      : column,
  );
  return { ...profile, columns };
}
