import { readUpTo } from "../../backtest/read-up-to.ts";
import { IotmonError } from "../../core/errors.ts";
import { constantOf } from "../../core/layout.ts";
import type { History } from "../../watch/pipeline/warm-up.ts";
import type { ChosenSource } from "../commands/watch/watch-sources.ts";
import type { CliContext } from "../context.ts";
import { openReadings, type RecordingOptions } from "./open-readings.ts";

/** Where a history ends: at an event time, ms since epoch, or after so many readings. */
export interface HistoryEnd {
  readonly to: number;
  readonly limit: number;
}

/**
 * Recordings that a pipeline learns from.
 *
 * @param paths Files and globs.
 * @param constantKey Sensor of rows that name none.
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
      const nobody = { reject: () => {}, note: () => {} };
      try {
        yield* readUpTo(readings.batches({ layout, keys, ...nobody }), to, limit);
      } finally {
        readings.close();
      }
    },
  };
}

/**
 * The recording of `--warm-from`, for the pipeline that watches these sources.
 *
 * @throws {IotmonError} `ERR_USAGE` for stdin; as `openReadings` when nothing is in it.
 */
export async function historyOf(
  path: string,
  [first]: readonly ChosenSource[],
  context: CliContext,
): Promise<History> {
  if (path === "-") {
    throw new IotmonError("ERR_USAGE", "--warm-from: a recording is a file, not stdin");
  }
  const { rename = {}, set = {}, key } = first?.options ?? {};
  const options = { format: "auto", rename };
  (await openReadings([path], options, context)).close(); // to say at once that it can't be read
  const constant = key === undefined ? undefined : constantOf(set, key);
  return historyFrom([path], constant ?? first?.source.stem ?? "", options, context);
}
