import { EngineHost } from "./engine-host.ts";
import { type AnswerOf, type EngineLane, expectKind } from "./engine-lane.ts";
import type { Answer, Request } from "./messages.ts";

/** Runs an engine in the thread of the caller, who waits for it within {@link ask}. */
export class LocalLane implements EngineLane {
  readonly #host = new EngineHost();

  async ask<Kind extends Answer["kind"]>(request: Request, kind: Kind): Promise<AnswerOf<Kind>> {
    return expectKind(request, this.#host.answer(request), kind);
  }

  async terminate(): Promise<void> {}
}
