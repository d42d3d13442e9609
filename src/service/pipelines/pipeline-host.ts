import type { Path } from "../../config/document.ts";
import { heartbeatOf } from "../../config/heartbeat.ts";
import { type LoadedPipeline, pipelineError } from "../../config/loaded-pipeline.ts";
import { pipelineOf } from "../../config/parse.ts";
import { withoutReceivers } from "../../config/schema/pipeline.ts";
import { type CreateSinksContext, createSinks } from "../../config/sinks/create-sinks.ts";
import { innerAddressFaults } from "../../config/sinks/inner-addresses.ts";
import { withoutSealed } from "../../config/sinks/lost-secrets.ts";
import { withUsableMatches } from "../../config/sinks/match/usable-matches.ts";
import type { Fault } from "../../core/errors.ts";
import type { OutboxSink } from "../../io/outbox/outbox-options.ts";
import type { PipelineCreated } from "../api.ts";
import { CommandError } from "../command-error.ts";
import type { CommandExecutor } from "../commands.ts";
import type { AlertDispatch } from "../delivery/alert-dispatch.ts";
import type { Heartbeats } from "../delivery/heartbeats.ts";
import type { StateMachine } from "../state-machine.ts";
import { waitingSinks } from "./waiting-sinks.ts";

/** Parts that a pipeline host uses. */
export interface PipelineHostSetup {
  /** For queries. */
  readonly machine: StateMachine;
  readonly commands: CommandExecutor;
  readonly dispatch: AlertDispatch;
  readonly heartbeats: Heartbeats;
  /** For sinks of documents that come over HTTP. */
  readonly sinks: Omit<CreateSinksContext, "origin">;
  /** Path of the file with the key of their secrets, for messages. */
  readonly keyFile: string;
}

/** Puts and deletes pipelines with their sinks, from files and over HTTP. */
export class PipelineHost {
  readonly #setup: PipelineHostSetup;
  /** Files by the name of their pipeline. */
  readonly #files = new Map<string, string>();

  constructor(setup: PipelineHostSetup) {
    this.#setup = setup;
  }

  /** File of a pipeline; null: it came over HTTP. */
  fileOf(name: string): string | null {
    return this.#files.get(name) ?? null;
  }

  /**
   * Puts a pipeline that came over HTTP.
   *
   * @param document Plain JSON.
   * @throws {IotmonError} `ERR_CONFIG` with all faults, each at its field.
   * @throws {CommandError} `conflict`, `invalid`, `limit`, `unavailable`.
   */
  async put(name: string, document: unknown): Promise<PipelineCreated> {
    this.#requireNoFile(name);
    const { loaded, sinks } = await this.#check(name, document);
    const { lookup } = this.#setup.sinks;
    const inner = await innerAddressFaults(loaded, lookup); // not after a restart: older pipelines may have them
    if (inner.length > 0) throw pipelineError(name, inner);
    const { commands, dispatch, heartbeats } = this.#setup;
    const config = withoutReceivers(loaded.config);
    const created = await commands.execute({ kind: "put_pipeline", name, config, document });
    if (created.creation !== "exists") {
      await dispatch.configure(name, sinks, config.alerts.labels);
      await heartbeats.configure(name, heartbeatOf(loaded.config), "http");
    }
    return created;
  }

  /** @throws {CommandError} `not_found`; `conflict` when a file defines it; `unavailable`. */
  async delete(name: string): Promise<void> {
    const { machine, commands, dispatch, heartbeats } = this.#setup;
    machine.pipeline(name);
    this.#requireNoFile(name);
    await commands.execute({ kind: "delete_pipeline", name });
    await dispatch.remove(name);
    await heartbeats.remove(name);
  }

  /**
   * Puts a pipeline of a file, at the start and when the file has changed.
   *
   * @param document The file without replaced variables, so it holds no secrets.
   * @throws {CommandError} `conflict`, `invalid`, `limit`, `unavailable`.
   */
  async putFile(
    { name, label, config }: LoadedPipeline,
    document: unknown,
    sinks: readonly OutboxSink[],
  ): Promise<PipelineCreated> {
    const { commands, dispatch, heartbeats } = this.#setup;
    const created = await commands.execute({
      kind: "put_pipeline",
      name,
      config: withoutReceivers(config),
      document,
      file: label,
    });
    this.#files.set(name, label);
    await dispatch.configure(name, sinks, config.alerts.labels);
    await heartbeats.configure(name, heartbeatOf(config), "file");
    return created;
  }

  /**
   * After a restart, opens the sinks of pipelines that came over HTTP. Pipelines of files that are no longer
   * given run without sinks, as only a file may name some of their settings.
   *
   * @param report Receives a line for each pipeline without its sinks, and for each sink without its secrets or a
   * condition.
   */
  async resume(report: (line: string) => void): Promise<void> {
    const { machine, dispatch, heartbeats } = this.#setup;
    for (const name of machine.pipelines()) {
      if (this.#files.has(name)) continue;
      const { file, document } = machine.pipeline(name);
      if (file !== undefined) {
        await dispatch.suspend(name);
        report(
          `the pipeline ${name} of ${file} runs without its sinks, as -p does not name the file: name it ` +
            `again, or delete the pipeline with DELETE /v1/ml/pipelines/${name}`,
        );
        continue;
      }
      try {
        const { document: complete, lost, isHeartbeatLost } = withoutSealed(document);
        const matched = withUsableMatches(name, complete, report);
        const { loaded, sinks } = await this.#check(name, matched);
        const { keyFile } = this.#setup;
        const usable = waitingSinks({ pipeline: name, sinks, lost, keyFile }, report);
        await dispatch.configure(name, usable, loaded.config.alerts.labels);
        const heartbeat = isHeartbeatLost ? null : heartbeatOf(loaded.config);
        await heartbeats.configure(name, heartbeat, "http");
        if (isHeartbeatLost) {
          report(
            `the pipeline ${name} runs without its heartbeat, as its address can't be opened with ${keyFile}: ` +
              "put the pipeline again",
          );
        }
      } catch (error) {
        await dispatch.suspend(name);
        report(`the pipeline ${name} runs without its sinks: ${(error as Error).message}`);
      }
    }
  }

  async #check(name: string, document: unknown): Promise<Checked> {
    const references = referencesIn(document);
    if (references.length > 0) throw pipelineError(name, references);
    const loaded = pipelineOf(document, { label: name, name, variables: {}, origin: "http" });
    const { config } = loaded;
    if (config.name !== undefined && config.name !== name) {
      const message = `name: must be "${name}", as in the path, not "${config.name}"`;
      throw pipelineError(name, [{ at: "name", message, hint: "Leave it out" }]);
    }
    const sinks = await createSinks(loaded, { ...this.#setup.sinks, origin: "http" });
    return { loaded, sinks };
  }

  #requireNoFile(name: string): void {
    const file = this.fileOf(name);
    if (file === null) return;
    throw new CommandError("conflict", `the pipeline "${name}" is defined by the file ${file}`, {
      field: "name",
      hint: "Change that file and send SIGHUP to the server",
    });
  }
}

interface Checked {
  readonly loaded: LoadedPipeline;
  readonly sinks: readonly OutboxSink[];
}

/** Faults for variables: the environment is the server's, clients must not read it. */
function referencesIn(value: unknown, path: Path = []): readonly Fault[] {
  if (typeof value === "string") {
    if (!/(?<!\$)\$\{/.test(value)) return [];
    const at = path.join(".");
    return [
      {
        at,
        message: `${at}: variables are not replaced in a pipeline that comes over HTTP`,
        hint: "Write the value itself, or start the server with the pipeline as a file: serve -p FILE",
      },
    ];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => referencesIn(item, [...path, key]));
}
