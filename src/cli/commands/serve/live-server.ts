import { join, resolve } from "node:path";
import type { Logger } from "pino";
import { DurableStore } from "../../../durability/durable-store.ts";
import type { StoreOptions } from "../../../durability/store-options.ts";
import { AlertDispatch } from "../../../service/delivery/alert-dispatch.ts";
import { Heartbeats } from "../../../service/delivery/heartbeats.ts";
import { RejectedRows } from "../../../service/delivery/rejected-rows.ts";
import { ClockEvents } from "../../../service/events/clock-events.ts";
import { Feeds } from "../../../service/events/feeds.ts";
import { ValueEvents } from "../../../service/events/value-events.ts";
import { PipelineHost } from "../../../service/pipelines/pipeline-host.ts";
import { LiveTicks } from "../../../service/ticks/live-ticks.ts";
import { OpenEvents } from "../../../state/open-events.ts";
import { KEY_FILE, SecretKeys } from "../../../state/secrets/secret-keys.ts";
import type { CliContext } from "../../context.ts";
import { programVersion } from "../../process/program-version.ts";
import { createChalk, sinkPainter } from "../../render/color.ts";
import type { ServeOptions } from "./options.ts";
import type { RecoveryLog } from "./recovery-log.ts";
import { ServedFiles } from "./served-files.ts";

/** Time between two checks for deadlines, ms. */
const TICK_MS = 1000;

/** Everything that runs behind the API: the durable store, pipelines, event feeds, alert delivery. */
export class LiveServer {
  readonly store: DurableStore;
  readonly feeds: Feeds;
  readonly pipelines: PipelineHost;
  readonly dispatch: AlertDispatch;
  readonly rejected: RejectedRows;
  readonly #heartbeats: Heartbeats;
  readonly #files: ServedFiles;
  readonly #log: Logger;

  private constructor(
    store: DurableStore,
    feeds: Feeds,
    pipelines: PipelineHost,
    dispatch: AlertDispatch,
    rejected: RejectedRows,
    heartbeats: Heartbeats,
    files: ServedFiles,
    log: Logger,
  ) {
    this.store = store;
    this.feeds = feeds;
    this.pipelines = pipelines;
    this.dispatch = dispatch;
    this.rejected = rejected;
    this.#heartbeats = heartbeats;
    this.#files = files;
    this.#log = log;
  }

  /**
   * Recovers the stored state and starts the pipelines of files.
   *
   * @throws {IotmonError} As {@link DurableStore.open} and {@link ServedFiles.start}; then nothing runs.
   */
  static async open(
    options: ServeOptions,
    log: Logger,
    context: CliContext,
    recovery: RecoveryLog,
  ): Promise<LiveServer> {
    const { cwd, stdout, env } = context;
    const warn = (line: string): void => log.warn(line);
    const path = resolve(cwd, options.state);
    const dispatch = new AlertDispatch(path, (pipeline, text, change) => {
      const level = change?.state === "recovered" ? "info" : "warn";
      const facts = change === undefined ? {} : { sink: change.sink, state: change.state };
      log[level]({ pipeline, ...facts }, `${pipeline}: ${text}`);
    });
    const listening: Feeds[] = [];
    const keyFile = resolve(cwd, options.keyFile ?? join(options.state, KEY_FILE));
    const store = await openStore(options, log, cwd, recovery, {
      keys: new SecretKeys(keyFile, warn),
      prepare: (machine) => {
        machine.listen(dispatch);
        machine.listen(new ClockEvents(dispatch, new OpenEvents(join(path, "ahead.json"), warn)));
        machine.listen(new ValueEvents(dispatch));
        listening.push(new Feeds(machine));
      },
      beforeCheckpoint: () => dispatch.settled(),
    });
    const { machine } = store;
    const sinks = {
      cwd,
      version: await programVersion(),
      stream: stdout,
      painter: sinkPainter(createChalk(stdout, env, options.color)),
      now: Date.now,
    };
    const heartbeats = new Heartbeats({
      dispatch,
      context: sinks,
      failure: () => failureText(store),
      report: (level, pipeline, text) => log[level]({ pipeline }, `${pipeline}: ${text}`),
    });
    machine.listen(heartbeats);
    const openRejected = new OpenEvents(join(path, "rejected.json"), warn);
    const rejected = new RejectedRows(machine, dispatch, openRejected);
    machine.listen(rejected);
    try {
      const [feeds = new Feeds(machine)] = listening;
      const pipelines = new PipelineHost({
        machine,
        commands: store,
        dispatch,
        heartbeats,
        sinks,
        keyFile,
      });
      const files = new ServedFiles(pipelines, options.pipeline, options, context);
      await files.start(log);
      await pipelines.resume(warn);
      await dispatch.removeOthers(machine.pipelines());
      return new LiveServer(store, feeds, pipelines, dispatch, rejected, heartbeats, files, log);
    } catch (error) {
      await heartbeats.close();
      await dispatch.close();
      await store.close();
      throw error;
    }
  }

  /** Fires deadlines, and reads the files again at SIGHUP. @returns Stops both. */
  run(): () => void {
    const ticks = new LiveTicks(this.store.machine, this.store);
    const tick = (): void => {
      ticks.tick().catch((error: Error) => this.#log.warn(error.message));
    };
    let reloading = Promise.resolve();
    const reload = (): void => {
      reloading = reloading
        .then(() => this.#files.reload(this.#log))
        .catch((error: Error) => this.#log.error({ err: error }, "reload failed"));
    };
    const timer = setInterval(tick, TICK_MS);
    process.on("SIGHUP", reload);
    return () => {
      clearInterval(timer);
      process.off("SIGHUP", reload);
    };
  }

  /** Stops delivery and saves everything. */
  async close(): Promise<void> {
    await this.#heartbeats.close();
    try {
      await this.dispatch.close();
    } finally {
      await this.store.close();
    }
  }
}

/** Why the state can't be written; null: it can. */
export function failureText({ state }: DurableStore): string | null {
  return state.failure === null ? null : `changes can't be written: ${state.failure.message}`;
}

/** Opens the durable store and logs what it recovered. */
async function openStore(
  { state, durability, maxRecovery, maxStateSize }: ServeOptions,
  log: Logger,
  cwd: string,
  recovery: RecoveryLog,
  hooks: Required<Pick<StoreOptions, "keys" | "prepare" | "beforeCheckpoint">>,
): Promise<DurableStore> {
  const store = await DurableStore.open(resolve(cwd, state), {
    durability,
    checkpoints: { maxRecoveryMs: maxRecovery, maxBytes: maxStateSize },
    ...hooks,
    report: (level, message) => log[level](message),
    onProgress: (progress) => recovery.report(progress),
  });
  recovery.end(store);
  return store;
}
