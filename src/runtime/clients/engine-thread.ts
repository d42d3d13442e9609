import { Worker } from "node:worker_threads";
import {
  type Answer,
  type AnswerOf,
  type EngineClient,
  expectKind,
  type Request,
} from "./engine-client.ts";

/** A request without an answer yet. */
interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * A worker thread that runs an engine after a `start` request. It queues requests, so it has work while earlier
 * answers are on their way.
 */
export class EngineThread implements EngineClient {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  /** Why the thread has ended; null while it runs. */
  #ended: Error | null = null;

  constructor() {
    this.#worker = new Worker(new URL(import.meta.resolve("#engine-worker")));
    this.#worker.on("message", (answer: Answer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("An engine thread has ended")));
  }

  /** @throws The error that ended the thread, now or before. It may overtake answers to earlier requests. */
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
