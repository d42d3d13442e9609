import {
  type Answer,
  type AnswerOf,
  type EngineClient,
  expectKind,
  type Request,
} from "./engine-client.ts";
import { EngineHost } from "./engine-host.ts";

/** Runs an engine in the thread of the caller, synchronously within {@link ask}. */
export class LocalClient implements EngineClient {
  readonly #host = new EngineHost();
  /** The error of the engine; null while it runs. */
  #ended: { readonly error: unknown } | null = null;

  /** @throws The error of the engine, now or before: callers ignore the answers to some requests. */
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
