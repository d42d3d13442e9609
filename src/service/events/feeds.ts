import type { AlertEvent } from "../../core/alerts/alert-event.ts";
import { alertBody } from "../../io/messages/alert-body.ts";
import type { Command, StateListener } from "../commands.ts";
import type { ScoredRows } from "../effects.ts";
import { shownPlan } from "../queries/shown-plan.ts";
import type { HostedBuffer } from "../registry.ts";
import { RowTexts } from "../scoring/row-texts.ts";
import type { StateMachine } from "../state-machine.ts";
import { Feed, type Followed, type Follower } from "./feed.ts";

/** Bytes of events stored for each pipeline and type. */
const RING_BYTES = 1024 * 1024;

/** The event feeds of all pipelines and buffers. */
export class Feeds implements StateListener {
  readonly #machine: StateMachine;
  readonly #ringBytes: number;
  readonly #feeds = new Map<string, Feed>();

  /** @param ringBytes Bytes stored for each pipeline and type, for followers that reconnect. */
  constructor(machine: StateMachine, ringBytes = RING_BYTES) {
    this.#machine = machine;
    this.#ringBytes = ringBytes;
    machine.listen(this);
  }

  /**
   * @param after Number of the last event that the follower received; null: start now.
   * @throws {CommandError} `not_found`.
   */
  follow(name: string, follower: Follower, after: number | null): Followed {
    this.#machine.buffer(name);
    return this.#feed(name).follow(follower, after);
  }

  rows(hosted: HostedBuffer, scored: ScoredRows): void {
    const feed = this.#feed(hosted.definition.name);
    if (feed.keepsScores) {
      const texts = RowTexts.of(hosted, scored);
      for (let i = 0; i < texts.length; i++) feed.add("score", `{${texts.fields(i)}}`);
    } else feed.skipScores(scored.batch.length);
    this.#alerts(feed, hosted, scored.output.events);
  }

  due(hosted: HostedBuffer, events: readonly AlertEvent[]): void {
    this.#alerts(this.#feed(hosted.definition.name), hosted, events);
  }

  executed(command: Command): void {
    if (command.kind !== "delete_buffer" && command.kind !== "delete_pipeline") return;
    this.#feeds.get(command.name)?.close();
    this.#feeds.delete(command.name);
  }

  #alerts(feed: Feed, hosted: HostedBuffer, events: readonly AlertEvent[]): void {
    if (hosted.config === null || events.length === 0) return; // buffers have scores only
    const plan = shownPlan(hosted);
    for (const event of events) {
      feed.add("alert", JSON.stringify(alertBody(event, plan, hosted.pipeline.keys)));
    }
  }

  #feed(name: string): Feed {
    const known = this.#feeds.get(name);
    if (known !== undefined) return known;
    const feed = new Feed(this.#ringBytes);
    this.#feeds.set(name, feed);
    return feed;
  }
}
