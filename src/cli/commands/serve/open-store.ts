import { resolve } from "node:path";
import type { Logger } from "pino";
import { DurableStore, type StoreOptions } from "../../../durability/durable-store.ts";
import type { Durability } from "../../../durability/log/write-ahead-log.ts";

/**
 * Brings back what a server had, and logs what that came to.
 *
 * @param path From the working directory.
 * @param hooks As {@link StoreOptions} has them.
 * @throws {IotmonError} As {@link DurableStore.open}.
 */
export async function openStore(
  path: string,
  durability: Durability,
  cwd: string,
  log: Logger,
  hooks: Required<Pick<StoreOptions, "prepare" | "beforeCheckpoint">>,
): Promise<DurableStore> {
  const begun = performance.now();
  const keeper = await DurableStore.open(resolve(cwd, path), {
    durability,
    ...hooks,
    report: (level, message) => log[level](message),
  });
  const { records, recordsLost, partsDamaged } = keeper.recovered;
  const facts = {
    state: path,
    buffers: keeper.machine.buffers().length,
    detectors: keeper.machine.detectors().length,
    records,
    records_lost: recordsLost,
    pieces_damaged: partsDamaged,
    ms: Math.round(performance.now() - begun),
  };
  if (facts.buffers + facts.detectors + records + recordsLost > 0) log.info(facts, "recovered");
  return keeper;
}
