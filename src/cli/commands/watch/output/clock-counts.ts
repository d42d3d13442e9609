import type { AlertBody } from "../../../../io/messages/alert-schema.ts";
import { plural } from "../../../render/format.ts";

/** Counts the messages about clocks of a session. */
export class ClockCounts {
  #steps = 0;
  #ahead = 0;

  /** Takes an operational message. */
  add({ status, labels }: AlertBody): void {
    if (status !== "firing") return;
    if (labels["event"] === "clock_step") this.#steps += 1;
    if (labels["event"] === "clock_ahead") this.#ahead += 1;
  }

  /** What there was: `1 clock step`, `2 clocks ahead`. */
  get texts(): readonly string[] {
    return [
      ...(this.#steps === 0 ? [] : [plural(this.#steps, "clock step")]),
      ...(this.#ahead === 0 ? [] : [`${plural(this.#ahead, "clock")} ahead`]),
    ];
  }
}
