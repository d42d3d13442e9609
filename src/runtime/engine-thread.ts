import { Worker } from "node:worker_threads";
import { type AnswerOf, type EngineClient, expectKind } from "./engine-client.ts";
import type { Answer, Request } from "./messages.ts";

/** Somebody who waits for an answer. */
interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * A worker thread that runs an engine, once it was told to start one. Questions may be asked before earlier ones are answered: the
 * thread takes them in order, and is then never without work between two answers.
 */
export class EngineThread implements EngineClient {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  /** Why no answer will come any more; null while the thread runs. */
  #ended: Error | null = null;

  constructor() {
    this.#worker = new Worker(new URL(import.meta.resolve("#engine-worker")));
    this.#worker.on("message", (answer: Answer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("An engine thread has ended")));
  }

  /** @throws What the thread threw, also if that was before it was asked. */
  async ask<Kind extends Answer["kind"]>(request: Request, kind: Kind): Promise<AnswerOf<Kind>> {
    if (this.#ended !== null) throw this.#ended;
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
    return expectKind(request, answer, kind);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
