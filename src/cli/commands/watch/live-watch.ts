import { join, resolve } from "node:path";
import { heartbeatOf } from "../../../config/heartbeat.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { pipelineOf } from "../../../config/parse.ts";
import type { PipelineConfig } from "../../../config/schema/pipeline.ts";
import { IotmonError } from "../../../core/errors.ts";
import type { DiskFailure } from "../../../durability/disk/disk-failure.ts";
import { keepReserve, openWithReserve } from "../../../durability/disk/reserve.ts";
import { DurableStore } from "../../../durability/durable-store.ts";
import type { StoreOptions } from "../../../durability/store-options.ts";
import { Heartbeat } from "../../../io/heartbeat.ts";
import type { AlertBody } from "../../../io/messages/alert-schema.ts";
import { damageEvent } from "../../../io/messages/damage-event.ts";
import { AlertDelivery } from "../../../io/outbox/alert-delivery.ts";
import type { SinkStats } from "../../../io/outbox/sink-stats.ts";
import type { SessionRecordingWriter } from "../../../io/session-recording/session-recording-writer.ts";
import { ClockEvents } from "../../../service/events/clock-events.ts";
import { ValueEvents } from "../../../service/events/value-events.ts";
import type { StateMachine } from "../../../service/state-machine.ts";
import { OpenEvents } from "../../../state/open-events.ts";
import { DiskEvents } from "../../../watch/operational-events/disk-events.ts";
import { RecordingEvents } from "../../../watch/operational-events/recording-events.ts";
import type { History } from "../../../watch/pipeline/warm-up.ts";
import { WatchEvents } from "../../../watch/watch-events.ts";
import type { WatchListener } from "../../../watch/watch-listener.ts";
import { WatchSession } from "../../../watch/watch-session.ts";
import { WatchedHealth } from "../../../watch/watched-health.ts";
import type { CliContext, GlobalOptions } from "../../context.ts";
import { openSinks, withoutOutputSinks } from "../../pipelines/open-sinks.ts";
import { programVersion } from "../../process/program-version.ts";
import type { WatchOptions } from "./options.ts";
import type { ChosenSource } from "./watch-sources.ts";

/** Time to deliver pending messages at the end, ms. */
const DRAIN_MS = 5000;

export interface LiveWatchSetup {
  /** State directory, as in messages to the user. */
  readonly state: string;
  /** Name of an inferred pipeline. */
  readonly name: string;
  /** Null: uses the pipeline of the state directory, or infers one. */
  readonly file: LoadedPipeline | null;
  readonly options: GlobalOptions & Pick<WatchOptions, "strict">;
  /** Null: without `--record`. */
  readonly recording: SessionRecordingWriter | null;
}

interface LiveWatchParts {
  readonly store: DurableStore;
  readonly events: WatchEvents;
  readonly clockEvents: ClockEvents;
  readonly delivery: AlertDelivery;
  /** Null: the pipeline has none. */
  readonly heartbeat: Heartbeat | null;
  readonly name: string;
  readonly file: LoadedPipeline | null;
  readonly strict: boolean;
}

/** A watched pipeline with its durable store and its sinks. */
export class LiveWatch {
  readonly #store: DurableStore;
  readonly #events: WatchEvents;
  readonly #clockEvents: ClockEvents;
  readonly #delivery: AlertDelivery;
  /** Null: the pipeline has none. */
  readonly #heartbeat: Heartbeat | null;
  readonly #name: string;
  readonly #file: LoadedPipeline | null;
  readonly #strict: boolean;

  private constructor(parts: LiveWatchParts) {
    const { store, events, clockEvents, delivery, heartbeat, name, file, strict } = parts;
    this.#store = store;
    this.#events = events;
    this.#clockEvents = clockEvents;
    this.#delivery = delivery;
    this.#heartbeat = heartbeat;
    this.#name = name;
    this.#file = file;
    this.#strict = strict;
  }

  /**
   * Recovers the stored state and opens the sinks.
   *
   * @param listeners Recovery notifies them too.
   * @throws {IotmonError} As {@link DurableStore.open} and {@link openSinks}; `ERR_STATE` when the directory
   * belongs to another pipeline.
   */
  static async open(
    { state, name, file, options, recording }: LiveWatchSetup,
    listeners: readonly WatchListener[],
    context: CliContext,
  ): Promise<LiveWatch> {
    const warn = (line: string): void => {
      for (const listener of listeners) listener.note?.("warn", line);
    };
    const delivery = new AlertDelivery(warn);
    const steady = (): number => performance.now();
    const health = new WatchedHealth(steady);
    const events = new WatchEvents([...listeners, health], delivery);
    const disk = new DiskEvents(events, Date.now);
    const path = resolve(context.cwd, state);
    let unwritable: DiskFailure | null = null;
    const clockEvents = new ClockEvents(events, new OpenEvents(join(path, "ahead.json"), warn));
    const storeOptions: StoreOptions = {
      durability: "interval",
      whenUnwritable: "go_on",
      checkpoints: checkpointLimits(file?.config.state),
      onDiskFailure: (failure) => {
        unwritable = failure;
        disk.changed(failure);
      },
      report: (level, text) => (level === "info" ? undefined : warn(text)),
      prepare: (machine) => {
        machine.listen(events);
        machine.listen(clockEvents);
        machine.listen(new ValueEvents(events));
      },
      beforeCheckpoint: () => events.settled(),
    };
    const store = await openWithReserve(path, () => DurableStore.open(path, storeOptions));
    try {
      const [stored] = store.machine.pipelines();
      const wanted = file?.name ?? stored ?? name;
      if (stored !== undefined && stored !== wanted) throw otherPipeline(state, stored, wanted);
      const loaded =
        file ?? (stored === undefined ? null : storedPipeline(store.machine, stored, context));
      const labels = loaded?.config.alerts.labels ?? {};
      events.setLabels(labels);
      if (loaded === null) delivery.discard();
      else {
        const sinks = await openSinks(withoutOutputSinks(loaded), options, context);
        const shown = (body: AlertBody): void => events.opsSent(body);
        await delivery.open(store.directory, sinks, { pipeline: wanted, labels, shown });
      }
      const damage = damageEvent(wanted, store.directory.newDamages, Date.now());
      if (damage !== null) events.ops(damage);
      disk.begin(wanted);
      const recordingEvents = new RecordingEvents(
        events,
        wanted,
        new OpenEvents(join(path, "recording.json"), warn),
      );
      recordingEvents.begin(recording?.label ?? null, Date.now());
      recording?.reportTo(recordingEvents);
      await keepReserve(path);
      const settings = loaded === null ? null : heartbeatOf(loaded.config);
      const heartbeat =
        settings === null
          ? null
          : new Heartbeat({
              ...{ settings, steady },
              context: { version: await programVersion(), allowPrivate: true, now: Date.now },
              lastReading: () => health.lastReading,
              problem: () => health.problem ?? unwritable?.message ?? delivery.problem,
              report: (level, text) => events.note(level, text),
            });
      const { strict } = options;
      return new LiveWatch({
        ...{ store, events, clockEvents, delivery, heartbeat, name: wanted, file, strict },
      });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /**
   * Scores readings until the sources end, the limit is reached or the signal aborts.
   *
   * @returns Number of readings.
   * @throws {IotmonError} As {@link WatchSession.run}.
   */
  async run(
    sources: readonly ChosenSource[],
    history: History | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<number> {
    const session = new WatchSession({
      machine: this.#store.machine,
      commands: this.#store,
      events: this.#events,
      name: this.#name,
      file: this.#file,
      ...{ sources, history },
      openDowns: this.#openEvents("down.json"),
      openImplausible: this.#openEvents("implausible.json"),
      openRejected: this.#openEvents("rejected.json"),
      clockEvents: this.#clockEvents,
      strict: this.#strict,
      limit,
      clocks: { wall: Date.now, steady: () => performance.now() },
    });
    this.#heartbeat?.start();
    await session.run(signal);
    return session.readings;
  }

  #openEvents(file: string): OpenEvents {
    return new OpenEvents(join(this.#store.directory.path, file), (text) =>
      this.#events.notify((listener) => listener.note?.("warn", text)),
    );
  }

  /**
   * Delivers pending messages for some seconds, then saves everything.
   *
   * @throws {IotmonError} As `Outbox.close` and `DurableStore.close`.
   */
  async close(): Promise<void> {
    await this.#heartbeat?.close();
    await this.#events.settled().catch(() => {});
    await this.#delivery.drain(AbortSignal.timeout(DRAIN_MS));
    for (const [name, stats] of this.#delivery.stats()) this.#noteUndelivered(name, stats);
    try {
      await this.#delivery.close();
    } finally {
      await this.#store.close();
    }
  }

  #noteUndelivered(name: string, { pending, dead, dropped }: SinkStats): void {
    const counts = [
      [pending, "pending, sent after the next start"],
      [dead, "dead-lettered"],
      [dropped, "dropped"],
    ] as const;
    const parts = counts.flatMap(([count, fate]) => (count > 0 ? `${count} ${fate}` : []));
    if (parts.length === 0) return;
    const text = `messages for the sink ${name}: ${parts.join(", ")}`;
    this.#events.notify((listener) => listener.note?.("info", text));
  }
}

function checkpointLimits(
  state: PipelineConfig["state"],
): NonNullable<StoreOptions["checkpoints"]> {
  return { maxRecoveryMs: state?.max_recovery, maxBytes: state?.max_size };
}

function storedPipeline(machine: StateMachine, name: string, { env }: CliContext): LoadedPipeline {
  return pipelineOf(machine.pipeline(name).document, { label: name, name, variables: env });
}

function otherPipeline(state: string, stored: string, wanted: string): IotmonError {
  const message = `the state directory belongs to the pipeline "${stored}", not to "${wanted}"`;
  const hint = `Name another directory with --state, or delete this one: iotmon state reset --state ${state}`;
  return new IotmonError("ERR_STATE", message, { at: state, hint });
}
