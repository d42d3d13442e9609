import { readUpTo } from "../../backtest/read-up-to.ts";
import { decodeOptions } from "../../config/sources.ts";
import { IotmonError } from "../../core/errors.ts";
import { constantOf } from "../../core/layout.ts";
import type { History } from "../../watch/pipeline/warm-up.ts";
import type { ChosenSource } from "../commands/watch/watch-sources.ts";
import type { CliContext } from "../context.ts";
import { openReadings, type RecordingOptions } from "./open-readings.ts";

/** Where a history ends: at an event time, ms since epoch, or after a number of readings. */
export interface HistoryEnd {
  readonly to: number;
  readonly limit: number;
}

/**
 * Recordings that a pipeline learns from.
 *
 * @param paths Files and globs.
 * @param constantKey Sensor of rows without a sensor name.
 */
export function historyFrom(
  paths: readonly string[],
  constantKey: string,
  options: RecordingOptions,
  context: CliContext,
  { to, limit }: HistoryEnd = { to: Number.POSITIVE_INFINITY, limit: Number.POSITIVE_INFINITY },
): History {
  return {
    label: paths.join(" + "),
    constantKey,
    async *read(layout, keys) {
      const readings = await openReadings(paths, options, context);
      const silent = { reject: () => {}, note: () => {} };
      try {
        yield* readUpTo(readings.batches({ layout, keys, ...silent }), to, limit);
      } finally {
        readings.close();
      }
    },
  };
}

/**
 * The recording of `--warm-from`, read with the options of the first source.
 *
 * @throws {IotmonError} `ERR_USAGE` for stdin; as `openReadings` when it has no readings.
 */
export async function historyOf(
  path: string,
  [first]: readonly ChosenSource[],
  context: CliContext,
): Promise<History> {
  if (path === "-") {
    throw new IotmonError("ERR_USAGE", "--warm-from: a recording is a file, not stdin");
  }
  const { decode = decodeOptions(undefined), set = {}, key } = first?.options ?? {};
  const options = { format: "auto", decode };
  (await openReadings([path], options, context)).close(); // fails early if it can't be read
  const constant = key === undefined ? undefined : constantOf(set, key);
  return historyFrom([path], constant ?? first?.source.stem ?? "", options, context);
}
