import type { AlertBody } from "../messages/alert-schema.ts";
import { opsBody } from "../messages/ops-body.ts";
import type { Clock } from "./clock.ts";
import type { DeliveryLog } from "./log/delivery-log.ts";
import type { SinkChange } from "./sink-worker/sink-health.ts";

/** Label `event` of a message about a sink. */
const EVENT = "sink_failing";

/** Least time between two messages that the same sink fails, ms: a sink that comes and goes sends few. */
const MIN_GAP_MS = 600_000;

/** Whose sinks fail, and who else should know. */
export interface SinkAlertsAbout {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** `alerts.labels` of the pipeline. */
  readonly labels: Readonly<Record<string, string>>;
  /** A message was queued for the other sinks. */
  shown?(body: AlertBody): void;
}

/** What {@link SinkAlerts} works with. */
export interface SinkAlertsSetup {
  readonly about: SinkAlertsAbout;
  readonly log: DeliveryLog;
  readonly clock: Clock;
  /** Queues a message for all sinks except one. */
  send(body: AlertBody, except: string): void;
}

/**
 * Tells the other sinks of a pipeline that a sink fails, and that it works again. The log keeps which messages
 * are open, so that a later run resolves them. No message goes to the sink that it is about, and a message
 * about a sink that becomes a dead letter causes no further message (see {@link isAboutSink}).
 */
export class SinkAlerts {
  readonly #setup: SinkAlertsSetup;
  /** Time of the last message that a sink fails, ms. */
  readonly #firedAt = new Map<string, number>();
  /** Stops the timers of messages that wait for {@link MIN_GAP_MS}. */
  readonly #waiting = new Map<string, () => void>();

  constructor(setup: SinkAlertsSetup) {
    this.#setup = setup;
  }

  /** Resolves the messages about sinks that the pipeline has no longer. */
  begin(sinks: ReadonlySet<string>): void {
    for (const sink of [...this.#setup.log.state.alerted.keys()]) {
      if (!sinks.has(sink)) this.#resolve(sink, "is no longer in the pipeline");
    }
  }

  changed({ sink, state, reason }: SinkChange): void {
    if (state === "failing") return; // one failed attempt is no news
    if (state === "recovered") {
      this.#stopWaiting(sink);
      this.#resolve(sink, "works again");
      return;
    }
    if (this.#setup.log.state.alerted.has(sink) || this.#waiting.has(sink)) return;
    const { clock } = this.#setup;
    const wait = (this.#firedAt.get(sink) ?? Number.NEGATIVE_INFINITY) + MIN_GAP_MS - clock.now();
    if (wait <= 0) this.#fire(sink, detailOf(state, reason));
    else {
      const fire = (): void => {
        this.#waiting.delete(sink);
        this.#fire(sink, detailOf(state, reason));
      };
      this.#waiting.set(sink, clock.after(wait, fire));
    }
  }

  close(): void {
    for (const sink of [...this.#waiting.keys()]) this.#stopWaiting(sink);
  }

  #stopWaiting(sink: string): void {
    this.#waiting.get(sink)?.();
    this.#waiting.delete(sink);
  }

  #fire(sink: string, detail: string): void {
    const { log, clock } = this.#setup;
    const now = clock.now();
    this.#firedAt.set(sink, now);
    log.alert(sink, now);
    this.#send(sink, "firing", detail, now, now);
  }

  #resolve(sink: string, detail: string): void {
    const { log, clock } = this.#setup;
    const since = log.state.alerted.get(sink);
    if (since === undefined) return;
    log.alert(sink, null);
    this.#send(sink, "resolved", detail, clock.now(), since);
  }

  #send(
    sink: string,
    status: "firing" | "resolved",
    detail: string,
    atMs: number,
    startedMs: number,
  ): void {
    const { pipeline, labels, shown } = this.#setup.about;
    const about = { pipeline, event: EVENT, subject: sink, severity: "warning" } as const;
    const body = opsBody({ ...about, status, detail, atMs, startedMs }, labels);
    this.#setup.send(body, sink);
    shown?.(body);
  }
}

/** Whether a message is about a sink. Its own failure is no news: news about news would never end. */
export function isAboutSink(json: string): boolean {
  const { labels } = JSON.parse(json) as Partial<AlertBody>;
  return labels?.["event"] === EVENT;
}

function detailOf(state: SinkChange["state"], reason: string): string {
  if (state === "disabled") return `the receiver wants no more messages: ${reason}`;
  if (state === "dead_letters") return `messages become dead letters: ${reason}`;
  return `all attempts fail: ${reason}`;
}
