import { CellText } from "../format/cell-text.ts";
import { FormatReader } from "../format/format-reader.ts";
import { ZoneRules } from "./zone-rules.ts";

/** An offset such as `+01:00` or `UTC+1` in ms; NaN for other texts. */
export function parseOffset(zone: string): number {
  const text = new CellText();
  text.add(`1970${zone}`);
  const reader = new FormatReader([{ field: "Y" }, { field: "z" }]);
  return /^(?:UTC|GMT|Z)?(?:[+-]\d{1,2}(?::?\d\d)?)?$/i.test(zone)
    ? 0 - reader.read(text)
    : Number.NaN;
}

/** Whether a zone exists: an IANA name such as Europe/Berlin, `UTC`, or an offset. */
export function isZone(zone: string): boolean {
  if (!Number.isNaN(parseOffset(zone))) return true;
  try {
    new ZoneRules(zone);
    return true;
  } catch {
    return false;
  }
}
