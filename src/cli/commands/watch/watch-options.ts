import { type Fault, IotmonError } from "../../../core/errors.ts";
import type { GlobalOptions } from "../../context.ts";
import { parseCount, parseDurationOption } from "../../options/kinds.ts";

/** Options of `watch`, as commander gives them. */
export interface WatchFlags extends GlobalOptions {
  readonly pipeline?: string;
  readonly inputFormat?: string;
  readonly baud?: string;
  readonly format: "table" | "jsonl";
  readonly all?: boolean;
  readonly for?: string;
  readonly limit?: string;
  readonly state?: string;
  readonly warmFrom?: string;
  readonly rejects?: string;
  readonly record?: string;
}

/** The options of `watch` whose text means something, understood. */
export interface WatchSettings {
  /** Time after which it ends, ms; Infinity: it does not. */
  readonly forMs: number;
  /** Readings after which it ends; Infinity: it does not. */
  readonly limit: number;
}

/**
 * Understands the options.
 *
 * @throws {IotmonError} `ERR_USAGE` with every fault.
 */
export function parseWatchFlags(flags: WatchFlags): WatchSettings {
  const faults: Fault[] = [];
  const take = (parse: () => number): number => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof IotmonError)) throw error;
      faults.push({ at: error.at ?? "", message: error.message, hint: error.hint });
      return Number.POSITIVE_INFINITY;
    }
  };
  const { for: time } = flags;
  const settings = {
    forMs: time === undefined ? Infinity : take(() => parseDurationOption("--for", time)),
    limit: take(() => parseCount("--limit", flags.limit, 1, Number.POSITIVE_INFINITY)),
  };
  if (faults.length > 0) throw new IotmonError("ERR_USAGE", "wrong options", { faults });
  return settings;
}
