import { setTimeout as sleep } from "node:timers/promises";
import { IotmonError } from "../../core/errors.ts";
import type { PipelineCreated } from "../../service/api.ts";
import { CommandError } from "../../service/command-error.ts";
import type { CommandLog } from "../../service/command-log.ts";
import type { Command } from "../../service/commands.ts";
import type { WatchedPipeline } from "./watched-pipeline.ts";

/** Time after which a disk that is full is tried again, ms. */
const RETRY_MS = 1000;

/** Changes a hub as a source that goes on needs it: what can't be kept now is not given up. */
export class PatientCommands {
  readonly #changes: CommandLog;
  readonly #warn: (text: string) => void;

  /** @param warn Takes what an operator should know, a sentence without its period. */
  constructor(changes: CommandLog, warn: (text: string) => void) {
    this.#changes = changes;
    this.#warn = warn;
  }

  /** Executes a command; when the disk is full, again until it is not. */
  async execute(command: Command): Promise<void> {
    try {
      await this.#insist(() => this.#changes.execute(command));
    } catch (error) {
      if (!(error instanceof CommandError) || error.kind !== "unsafe") throw error;
      this.#warn(error.message);
    }
  }

  /** @throws {IotmonError} `ERR_CONFIG` when the hub does not take it. */
  async put(name: string, { config, document }: WatchedPipeline): Promise<PipelineCreated> {
    try {
      return await this.#insist(() =>
        this.#changes.execute({ kind: "put_pipeline", name, config, document }),
      );
    } catch (error) {
      throw error instanceof CommandError ? located(error) : error;
    }
  }

  async #insist<T>(change: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await change();
      } catch (error) {
        if (!(error instanceof CommandError) || error.kind !== "unavailable") throw error;
        this.#warn(error.message);
        await sleep(RETRY_MS);
      }
    }
  }
}

function located(refusal: CommandError): IotmonError {
  const { kind, message, hint, field } = refusal;
  const code = kind === "unsafe" ? "ERR_IO" : "ERR_CONFIG";
  return new IotmonError(code, message, { at: field, hint, cause: refusal });
}
