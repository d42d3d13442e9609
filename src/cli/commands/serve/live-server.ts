import { resolve } from "node:path";
import type { Logger } from "pino";
import type { DurableStore } from "../../../durability/durable-store.ts";
import { programVersion } from "../../../io/program-version.ts";
import { AlertDispatch } from "../../../service/dispatch.ts";
import { Feeds } from "../../../service/events/feeds.ts";
import { PipelineHost } from "../../../service/pipelines/pipeline-host.ts";
import { LiveTicks } from "../../../service/ticks/live-ticks.ts";
import type { CliContext } from "../../context.ts";
import { createChalk, sinkPainter } from "../../render/color.ts";
import { openStore } from "./open-store.ts";
import type { ServeOptions } from "./options.ts";
import { ServedFiles } from "./served-files.ts";

/** How often it is looked for what is due without a row. */
const TICK_MS = 1000;

/** Everything that runs behind the API: what is kept, the pipelines, their events and their alerts. */
export class LiveServer {
  readonly keeper: DurableStore;
  readonly feeds: Feeds;
  readonly pipelines: PipelineHost;
  readonly #dispatch: AlertDispatch;
  readonly #files: ServedFiles;
  readonly #log: Logger;

  private constructor(
    keeper: DurableStore,
    feeds: Feeds,
    pipelines: PipelineHost,
    dispatch: AlertDispatch,
    files: ServedFiles,
    log: Logger,
  ) {
    this.keeper = keeper;
    this.feeds = feeds;
    this.pipelines = pipelines;
    this.#dispatch = dispatch;
    this.#files = files;
    this.#log = log;
  }

  /**
   * Brings back what there was, and starts the pipelines of files.
   *
   * @throws {IotmonError} As `openKeeper` and `ServedFiles.start`; then nothing runs.
   */
  static async open(options: ServeOptions, log: Logger, context: CliContext): Promise<LiveServer> {
    const { cwd, stdout, env } = context;
    const warn = (line: string): void => log.warn(line);
    const dispatch = new AlertDispatch(resolve(cwd, options.state), warn);
    const listening: Feeds[] = [];
    const keeper = await openStore(options.state, options.durability, cwd, log, {
      prepare: (machine) => {
        machine.listen(dispatch);
        listening.push(new Feeds(machine));
      },
      beforeCheckpoint: () => dispatch.settled(),
    });
    try {
      const { machine } = keeper;
      const [feeds = new Feeds(machine)] = listening;
      const sinks = {
        cwd,
        version: await programVersion(),
        stream: stdout,
        painter: sinkPainter(createChalk(stdout, env, options.color)),
        now: Date.now,
      };
      const pipelines = new PipelineHost({ machine, commands: keeper, dispatch, sinks });
      const files = new ServedFiles(pipelines, options.pipeline, options, context);
      await files.start();
      await pipelines.resume(warn);
      return new LiveServer(keeper, feeds, pipelines, dispatch, files, log);
    } catch (error) {
      await dispatch.close();
      await keeper.close();
      throw error;
    }
  }

  /** Lets time pass, and reads the files again at SIGHUP. @returns Stops both. */
  run(): () => void {
    const ticks = new LiveTicks(this.keeper.machine, this.keeper);
    const tick = (): void => {
      ticks.tick().catch((error: Error) => this.#log.warn(error.message));
    };
    let reloading = Promise.resolve();
    const reload = (): void => {
      reloading = reloading
        .then(() => this.#files.reload(this.#log))
        .catch((error: Error) => this.#log.error({ err: error }, "not read again"));
    };
    const timer = setInterval(tick, TICK_MS);
    process.on("SIGHUP", reload);
    return () => {
      clearInterval(timer);
      process.off("SIGHUP", reload);
    };
  }

  /** Stops delivery, and saves everything. */
  async close(): Promise<void> {
    await this.#dispatch.close();
    await this.keeper.close();
  }
}
