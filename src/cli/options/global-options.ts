import type { OptionSpec } from "./table.ts";

/** Options that every command takes; `GlobalOptions` has their values. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: "-q, --quiet", help: "print only errors on stderr" },
  { flags: "-v, --verbose", help: "print more on stderr" },
  { flags: "--no-color", help: "no colours (also: NO_COLOR=1)" },
];

/** Option of the program itself. */
export const VERSION: OptionSpec = { flags: "-V, --version", help: "print the version" };

/** Option of the program and of every command. */
export const HELP: OptionSpec = { flags: "-h, --help", help: "print this help" };
