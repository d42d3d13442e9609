import type { ErrorCode } from "../core/errors.ts";

/** Exit codes without an {@link ErrorCode}, as in sysexits.h where it has one. */
export const EXIT = {
  ok: 0,
  /** The command worked, but a requested check (`--fail-on`) failed. */
  checkFailed: 1,
  bug: 70,
  /** A second Ctrl-C. */
  forced: 130,
} as const;

const CODES = {
  ERR_USAGE: 64,
  ERR_DATA: 65,
  ERR_NO_INPUT: 66,
  ERR_UNAVAILABLE: 69,
  ERR_CANT_CREATE: 73,
  ERR_IO: 74,
  ERR_STATE: 75,
  ERR_PERMISSION: 77,
  ERR_CONFIG: 78,
} as const satisfies Record<ErrorCode, number>;

/** Exit code of a failure, as in sysexits.h. */
export function exitCodeOf(code: ErrorCode): number {
  return CODES[code];
}
