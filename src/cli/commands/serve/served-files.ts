import { resolve } from "node:path";
import type { Logger } from "pino";
import { loadPipeline } from "../../../config/load.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { IotmonError } from "../../../core/errors.ts";
import { CommandError } from "../../../service/command-error.ts";
import type { PipelineHost } from "../../../service/pipelines/pipeline-host.ts";
import type { CliContext, GlobalOptions } from "../../context.ts";
import { openSinks } from "../../pipelines/open-sinks.ts";

/** The pipelines of a server that come from files. */
export class ServedFiles {
  readonly #host: PipelineHost;
  readonly #labels: readonly string[];
  readonly #options: GlobalOptions;
  readonly #context: CliContext;
  /** Name of the pipeline in each file. */
  readonly #names = new Map<string, string>();

  /** @param labels Paths as the user gave them. */
  constructor(
    host: PipelineHost,
    labels: readonly string[],
    options: GlobalOptions,
    context: CliContext,
  ) {
    this.#host = host;
    this.#labels = labels;
    this.#options = options;
    this.#context = context;
  }

  /** Runs the pipelines of all files, and logs how they read rows. @throws {IotmonError} The first fault of a file. */
  async start(log: Logger): Promise<void> {
    for (const label of this.#labels) {
      const { opening } = await this.#put(label);
      log.info({ file: label, opening }, "read");
    }
  }

  /** Reads all files again. An invalid file leaves its pipeline unchanged; the log shows its faults. */
  async reload(log: Logger): Promise<void> {
    for (const label of this.#labels) {
      try {
        const { creation, kept, reset, opening } = await this.#put(label);
        log.info({ file: label, status: creation, kept, reset, opening }, "read again");
      } catch (error) {
        if (!(error instanceof IotmonError)) throw error;
        const faults = error.faults.map(({ at, message }) => `${at}: ${message}`);
        const facts = { file: label, faults, hint: error.hint };
        log.error(facts, `left unchanged: ${error.message}`);
      }
    }
  }

  async #put(label: string) {
    const { cwd, env } = this.#context;
    const path = resolve(cwd, label);
    const loaded = await loadPipeline(path, label, env);
    this.#checkName(label, loaded);
    const sinks = await openSinks(loaded, this.#options, this.#context);
    try {
      const put = await this.#host.putFile(loaded, loaded.document, sinks);
      this.#names.set(label, loaded.name);
      return put;
    } catch (error) {
      throw error instanceof CommandError ? configError(error, loaded) : error;
    }
  }

  #checkName(label: string, { name, locate }: LoadedPipeline): void {
    const before = this.#names.get(label);
    if (before !== undefined && before !== name) {
      const message = `name: the server runs this file as the pipeline "${before}", not "${name}"`;
      throw new IotmonError("ERR_CONFIG", message, {
        at: locate(["name"]),
        hint: "Keep the name, or restart the server",
      });
    }
    const other = [...this.#names].find(([file, taken]) => taken === name && file !== label);
    if (other === undefined) return;
    throw new IotmonError(
      "ERR_CONFIG",
      `name: the pipeline of ${other[0]} is named "${name}" too`,
      {
        at: locate(["name"]),
        hint: "Give one of them another name",
      },
    );
  }
}

/** A command error as a fault at its place in the pipeline file. */
function configError(cause: CommandError, { locate }: LoadedPipeline): Error {
  const { kind, message, field, hint } = cause;
  const path = field === undefined ? [] : field.split(".");
  const code = kind === "unavailable" ? "ERR_IO" : "ERR_CONFIG";
  const prefix = field === undefined ? "" : `${field}: `;
  return new IotmonError(code, `${prefix}${message}`, { at: locate(path), hint, cause });
}
