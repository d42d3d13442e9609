import type { OpsEvent } from "../../io/messages/message-fields.ts";
import { type OpenClocks, SensorClocks } from "../../io/sensor-clocks.ts";
import { aheadText, type TimeReject } from "../../io/time-rejects.ts";
import type { StateListener } from "../commands.ts";
import type { ScoredRows } from "../effects.ts";
import type { HostedBuffer } from "../registry.ts";

/** Takes what is found about clocks. */
export interface ClockTarget {
  /** A message for the sinks of a pipeline. */
  ops(event: OpsEvent, hosted: HostedBuffer): void;
  /** A reading is not used. */
  rejected?(reject: TimeReject): void;
}

/** Sends operational messages about the clocks of the sensors of all pipelines. */
export class ClockEvents implements StateListener {
  readonly #target: ClockTarget;
  readonly #stored: OpenClocks;
  /** By name of the pipeline, which a command may replace. */
  readonly #pipelines = new Map<string, { readonly clocks: SensorClocks; hosted: HostedBuffer }>();

  /** @param stored Sensors that were ahead at the end of the last run; updated. */
  constructor(target: ClockTarget, stored: OpenClocks) {
    this.#target = target;
    this.#stored = stored;
  }

  rows(hosted: HostedBuffer, { batch, read, times }: ScoredRows): void {
    const { keys, sources } = hosted.pipeline;
    const clocks = this.#clocksOf(hosted);
    for (const { sensor, timestamp, arrivalMs } of read.ahead) {
      clocks.refused(sensor, `${aheadText(timestamp, arrivalMs)}, when it arrived`, arrivalMs);
    }
    for (const notice of times) {
      const input = sources.names[notice.source] ?? "";
      const reject = clocks.notice(notice, keys.name(notice.key), input);
      if (reject !== null) this.#target.rejected?.(reject);
    }
    clocks.rows(batch, keys.names);
  }

  /**
   * A reading was rejected because its time is too far ahead of its arrival.
   *
   * @param atMs Time of arrival, ms since epoch.
   */
  refused(hosted: HostedBuffer, sensor: string, detail: string, atMs: number): void {
    this.#clocksOf(hosted).refused(sensor, detail, atMs);
  }

  #clocksOf(hosted: HostedBuffer): SensorClocks {
    const { name } = hosted.definition;
    const known = this.#pipelines.get(name);
    if (known !== undefined) {
      known.hosted = hosted;
      return known.clocks;
    }
    const send = (event: OpsEvent): void => this.#target.ops(event, one.hosted);
    const clocks = new SensorClocks({ pipeline: name, stored: this.#stored, send });
    const one = { clocks, hosted };
    this.#pipelines.set(name, one);
    return clocks;
  }
}
