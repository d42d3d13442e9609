import type { ColumnRole } from "../input-profile.ts";

/** `source.columns`: names of columns, in which `*` stands for any text. */
export interface ColumnChoice {
  /** Columns that are read although they would be left out. They win over `exclude`. */
  readonly include: readonly string[];
  /** Columns that are not read. */
  readonly exclude: readonly string[];
}

/** Names about the device and its radio, not about what it measures. */
const DEVICE = [
  ...[
    "rssi(?:_dbm)?",
    "l?snr",
    "lqi",
    "link_?quality",
    "link_?count",
    "signal_?strength",
    "wifi",
    "wlan",
  ],
  ...[
    "batt?",
    "battery",
    "vbat",
    "batt?(?:ery)?_?(?:v|volt|voltage|mv|pct|percent|level|status|low)",
  ],
  ...["firmware", "fw(?:_?ver(?:sion)?)?", "(?:free_?|min_?)?heap(?:_?free|_?size)?", "load_?avg"],
  ...["update(?:_available)?", "(?:installed|latest)_version", "f_port"],
  ...["mqtt_?count", "up_?time(?:_?(?:s|sec|seconds|ms))?", "reboots?", "boot_?count"],
].join("|");
/** Matches words joined by `_`: whole, at their end, or after the name of the radio. */
const DEVICE_WORDS = new RegExp(`(?:^|_)(?:${DEVICE})$|^(?:wifi|wlan|rssi|heap)_`);
const SEPARATOR = /[./:]/;

/**
 * Applies `source.columns` to detected roles, and leaves out columns about the device itself, such as signal strength
 * and battery, unless nothing else is a number.
 */
export function chooseColumns(
  names: readonly string[],
  roles: readonly ColumnRole[],
  choice: ColumnChoice | undefined,
): readonly ColumnRole[] {
  const isIncluded = patternTest(choice?.include ?? []);
  const isExcluded = patternTest(choice?.exclude ?? []);
  const chosen = roles.map((role, i): ColumnRole => {
    const name = names[i] as string;
    if (isIncluded(name)) return role === "index" ? "number" : role;
    if (isExcluded(name)) return "excluded";
    return role === "number" && isAboutDevice(name) ? "device" : role;
  });
  const hasNumber = chosen.includes("number");
  return hasNumber ? chosen : chosen.map((role) => (role === "device" ? "number" : role));
}

/** Whether a part of a name tells about the device: `node1_rssi`, `Wifi.Channel`, `batteryLevel (%)`. */
function isAboutDevice(name: string): boolean {
  const parts = name
    .replace(/ *[([].*/, "")
    .split(SEPARATOR)
    .map((part) =>
      part
        .replace(/([a-z])([A-Z])/g, "$1_$2")
        .replace(/[\s_-]+/g, "_")
        .toLowerCase(),
    );
  return parts.some((part) => DEVICE_WORDS.test(part));
}

/** Tests whether a name matches one of the patterns. */
export function patternTest(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map(
    (pattern) => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "su"),
  );
  return (name) => expressions.some((expression) => expression.test(name));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
