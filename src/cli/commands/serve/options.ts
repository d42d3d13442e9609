import { STATE_ROOT } from "../../../config/state-path.ts";
import { parseByteSize } from "../../../core/units/byte-size.ts";
import {
  choice,
  DURATION,
  FILE,
  FOLDER,
  PIPELINE,
  TEXT,
  wholeNumber,
} from "../../options/kinds.ts";
import type { Kind, OptionsOf, OptionTable } from "../../options/table.ts";

const PORT: Kind<number> = {
  parse: (given) => wholeNumber(given, 0, 65_535),
  expected: "0 to 65535; 0 picks a free port",
  completion: "nothing",
};

const SIZE: Kind<number> = {
  parse: (given) => parseByteSize(given) ?? undefined,
  expected: "a size such as 512KiB, 16MiB or 1GB",
  completion: "nothing",
};

const BASE_PATH: Kind<string> = {
  // clients resolve the steps . and .. before they send a path
  parse: (given) =>
    /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+\/?$/.test(given) ? given.replace(/\/$/, "") : undefined,
  expected: "a path such as /iot",
  completion: "nothing",
};

export const OPTIONS = {
  pipeline: {
    ...PIPELINE,
    repeats: true,
    help: "pipeline file to run; may be repeated; read again at SIGHUP",
  },
  host: {
    flags: "--host <address>",
    kind: TEXT,
    default: "localhost",
    help: "address to listen on; localhost is 127.0.0.1 and ::1",
  },
  port: {
    flags: "--port <n>",
    kind: PORT,
    default: "14345",
    help: "port; 0 picks a free port and prints it",
  },
  tokenFile: {
    flags: "--token-file <file>",
    kind: FILE,
    help: "tokens that give access: one hashed token per line, for reading or writing",
  },
  newToken: {
    flags: "--new-token <scope>",
    kind: choice("read", "write"),
    help: "print a new token and its line for the token file",
  },
  insecure: { flags: "--insecure", help: "let other machines in without a token" },
  state: {
    flags: "--state <dir>",
    kind: FOLDER,
    default: `${STATE_ROOT}/serve`,
    help: "state directory",
  },
  keyFile: {
    flags: "--key-file <file>",
    kind: FILE,
    help: "key of the secrets that come over HTTP (default: secrets.key in the state directory)",
  },
  durability: {
    flags: "--durability <when>",
    kind: choice("always", "interval", "none"),
    default: "interval",
    help:
      "when a change is confirmed: always: after it is on disk; interval: when the system has\n" +
      "it, which survives kill -9, and within 5 seconds it is on disk; none: at once",
  },
  maxRecovery: {
    flags: "--max-recovery <duration>",
    kind: DURATION,
    default: "5s",
    help: "processor time that a start may take to restore the state",
  },
  maxStateSize: {
    flags: "--max-state-size <size>",
    kind: SIZE,
    default: "256MiB",
    help: "size of journal and checkpoints above which old records go",
  },
  cors: {
    flags: "--cors <origin>",
    kind: TEXT,
    repeats: true,
    help: "allow pages of this origin; may be repeated",
  },
  basePath: {
    flags: "--base-path <path>",
    kind: BASE_PATH,
    help: "prefix of all paths behind a reverse proxy, such as /iot",
  },
} as const satisfies OptionTable;

/** The parsed options of `serve`. */
export type ServeOptions = OptionsOf<typeof OPTIONS>;
