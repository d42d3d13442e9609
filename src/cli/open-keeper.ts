import { resolve } from "node:path";
import type { Logger } from "pino";
import type { Durability } from "../live/durable/journal.ts";
import { Keeper, type KeeperOptions } from "../live/durable/keeper.ts";

/**
 * Brings back what a server had, and logs what that came to.
 *
 * @param path From the working directory.
 * @param hooks As {@link KeeperOptions} has them.
 * @throws {IotmonError} As {@link Keeper.open}.
 */
export async function openKeeper(
  path: string,
  durability: Durability,
  cwd: string,
  log: Logger,
  hooks: Required<Pick<KeeperOptions, "prepare" | "beforeCheckpoint">>,
): Promise<Keeper> {
  const begun = performance.now();
  const keeper = await Keeper.open(resolve(cwd, path), {
    durability,
    ...hooks,
    say: (level, message) => log[level](message),
  });
  const { records, recordsLost, piecesDamaged } = keeper.recovered;
  const facts = {
    state: path,
    buffers: keeper.hub.buffers().length,
    detectors: keeper.hub.detectors().length,
    records,
    records_lost: recordsLost,
    pieces_damaged: piecesDamaged,
    ms: Math.round(performance.now() - begun),
  };
  if (facts.buffers + facts.detectors + records + recordsLost > 0) log.info(facts, "recovered");
  return keeper;
}
