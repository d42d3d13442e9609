import { setTimeout as sleep } from "node:timers/promises";
import { IotmonError } from "../../core/errors.ts";
import type { PipelineCreated } from "../../service/api.ts";
import { CommandError } from "../../service/command-error.ts";
import type { Command, CommandExecutor } from "../../service/commands.ts";
import type { WatchedPipeline } from "./watched-pipeline.ts";

/** Time between two attempts while the disk is full, ms. */
const RETRY_MS = 1000;

/** Executes commands for sources that can't wait: retries while they can't be written to disk. */
export class PatientCommands {
  readonly #commands: CommandExecutor;
  readonly #warn: (text: string) => void;

  /** @param warn Receives warnings for the operator, each a sentence without its period. */
  constructor(commands: CommandExecutor, warn: (text: string) => void) {
    this.#commands = commands;
    this.#warn = warn;
  }

  /** Executes a command, with a warning when it is not durable. */
  async execute(command: Command): Promise<void> {
    try {
      await this.#retry(() => this.#commands.execute(command));
    } catch (error) {
      if (!(error instanceof CommandError) || error.kind !== "unsafe") throw error;
      this.#warn(error.message);
    }
  }

  /** @throws {IotmonError} `ERR_CONFIG` when the state machine rejects the pipeline. */
  async put(name: string, { config, document }: WatchedPipeline): Promise<PipelineCreated> {
    try {
      return await this.#retry(() =>
        this.#commands.execute({ kind: "put_pipeline", name, config, document }),
      );
    } catch (error) {
      throw error instanceof CommandError ? located(error) : error;
    }
  }

  async #retry<T>(execute: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await execute();
      } catch (error) {
        if (!(error instanceof CommandError) || error.kind !== "unavailable") throw error;
        this.#warn(error.message);
        await sleep(RETRY_MS);
      }
    }
  }
}

function located(error: CommandError): IotmonError {
  const { kind, message, hint, field } = error;
  const code = kind === "unsafe" ? "ERR_IO" : "ERR_CONFIG";
  return new IotmonError(code, message, { at: field, hint, cause: error });
}
