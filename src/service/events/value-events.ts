import type { OpsEvent } from "../../io/messages/message-fields.ts";
import { valueEvent } from "../../io/value-events.ts";
import type { StateListener } from "../commands.ts";
import type { ScoredRows } from "../effects.ts";
import type { HostedBuffer } from "../registry.ts";

/** Sends a message when a column of a sensor has no usable value for too long, and when it has one again. */
export class ValueEvents implements StateListener {
  readonly #target: { ops(event: OpsEvent, hosted: HostedBuffer): void };

  constructor(target: { ops(event: OpsEvent, hosted: HostedBuffer): void }) {
    this.#target = target;
  }

  rows(hosted: HostedBuffer, { values }: ScoredRows): void {
    const { pipeline, reader, definition } = hosted;
    const { layout } = pipeline.frame;
    for (const notice of values) {
      const sensor = pipeline.keys.name(notice.key);
      const place = { pipeline: definition.name, sensor, columns: layout.numeric };
      this.#target.ops(valueEvent(notice, { ...place, ranges: reader.ranges }), hosted);
    }
  }
}
