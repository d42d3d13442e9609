import type { InputProfile } from "../decoder.ts";

/** Number of rows from which a counting column without a time name is a running number. */
const MIN_ROWS = 20;
const TIME_NAME = /time|millis|uptime|tick|epoch|^ts$|^t$/i;

/**
 * Treats counting columns of a short sample as readings: three growing whole numbers prove nothing.
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
