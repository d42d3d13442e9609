const MS_PER_HOUR = 3_600_000;

/** Offsets from UTC in hours. */
const HOURS: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, UT: 0, GMT: 0, WET: 0, WEST: 1, CET: 1, CEST: 2, MEZ: 1, MESZ: 2, EET: 2 },
  ...{ EEST: 3, MSK: 3, SAST: 2, EST: -5, EDT: -4, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 },
  ...{ AKST: -9, AKDT: -8, HST: -10, BRT: -3, JST: 9, KST: 9, HKT: 8, SGT: 8, PKT: 5 },
  ...{ AWST: 8, ACST: 9.5, ACDT: 10.5, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 },
};

/** Abbreviations with more than one meaning, and the meanings. */
const SHARED: Readonly<Record<string, string>> = {
  CST: "UTC-6 in America, UTC+8 in China",
  IST: "UTC+1 in Ireland, UTC+2 in Israel, UTC+5:30 in India",
  BST: "UTC+1 in Britain, UTC+6 in Bangladesh",
  AST: "UTC-4 in America, UTC+3 in Arabia",
};

/** Offset from UTC of a zone abbreviation, ms; NaN if unknown or if it has several meanings. Ignores case. */
export function zoneNameOffset(name: string): number {
  const key = name.toUpperCase();
  return Object.hasOwn(HOURS, key) ? (HOURS[key] as number) * MS_PER_HOUR : Number.NaN;
}

/** The meanings of an abbreviation that has several; undefined for others. */
export function sharedZoneName(name: string): string | undefined {
  const key = name.toUpperCase();
  return Object.hasOwn(SHARED, key) ? SHARED[key] : undefined;
}
