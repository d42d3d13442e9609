import { type AnswerOf, type EngineClient, expectKind } from "./engine-client.ts";
import { EngineHost } from "./engine-host.ts";
import type { Answer, Request } from "./messages.ts";

/** Runs an engine in the thread of the caller, who waits for it within {@link ask}. */
export class LocalClient implements EngineClient {
  readonly #host = new EngineHost();
  /** What the engine threw; null while it runs. */
  #ended: { readonly error: unknown } | null = null;

  /** @throws What the engine threw, also if that was before: nobody waits for the answer to some requests. */
  async ask<Kind extends Answer["kind"]>(request: Request, kind: Kind): Promise<AnswerOf<Kind>> {
    if (this.#ended !== null) throw this.#ended.error;
    try {
      return expectKind(request, this.#host.answer(request), kind);
    } catch (error) {
      this.#ended = { error };
      throw error;
    }
  }

  async terminate(): Promise<void> {}
}
