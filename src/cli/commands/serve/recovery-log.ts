import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Logger } from "pino";
import type { DurableStore } from "../../../durability/durable-store.ts";
import type { RecoveryProgress } from "../../../durability/recover.ts";
import type { CliContext } from "../../context.ts";
import type { ServeOptions } from "./options.ts";

/** Tells how far the recovery of the state is, in the log and to clients. */
export class RecoveryLog {
  readonly #state: string;
  readonly #log: Logger;
  readonly #hasState: boolean;
  readonly #begun = performance.now();
  #text = "the state is being restored";

  constructor({ state }: ServeOptions, log: Logger, { cwd }: CliContext) {
    this.#state = state;
    this.#log = log;
    this.#hasState = existsSync(resolve(cwd, state));
  }

  /** How far it is, as a reason why the server is not ready. */
  get text(): string {
    return this.#text;
  }

  /** @param urls Addresses that answer meanwhile. */
  begin(urls: readonly string[]): void {
    if (this.#hasState) this.#log.info({ state: this.#state, urls }, "recovering");
  }

  report({ sensors, records, recordsInAll }: RecoveryProgress): void {
    const journal = `${records} of ${recordsInAll} records of the journal`;
    this.#text = `the state is being restored: ${sensors} sensors, ${journal}`;
  }

  end({ recovered, machine }: DurableStore): void {
    if (!this.#hasState) return;
    const { records, recordsLost, partsDamaged } = recovered;
    this.#log.info(
      {
        state: this.#state,
        buffers: machine.buffers().length,
        detectors: machine.detectors().length,
        records,
        records_lost: recordsLost,
        pieces_damaged: partsDamaged,
        ms: Math.round(performance.now() - this.#begun),
      },
      "recovered",
    );
  }
}
