import { outputError } from "../../output-error.ts";

import { type OutboundMessage, type Outcome, type Sink, stopped } from "../sink.ts";
import { AlertFile, type RotationSettings } from "./alert-file.ts";

/** Settings of a `file` sink. */
export interface FileSettings extends RotationSettings {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** Adds messages to a JSON Lines file. Every disk failure may be temporary, so it is retried. */
export class FileSink implements Sink {
  readonly name: string;
  readonly #path: string;
  readonly #file: AlertFile;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: FileSettings) {
    this.name = settings.name;
    this.#path = settings.path;
    this.#file = new AlertFile(settings.path, settings);
  }

  /** An attempt that is aborted during its write may still write the line, with its id. */
  deliver({ json }: OutboundMessage, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return Promise.resolve(stopped(signal));
    return new Promise((resolve) => {
      const stop = (): void => resolve(stopped(signal));
      signal.addEventListener("abort", stop, { once: true });
      void this.#inTurn(async () => {
        if (!signal.aborted) resolve(await this.#append(json));
        signal.removeEventListener("abort", stop);
      });
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#file.close());
  }

  async #append(json: string): Promise<Outcome> {
    try {
      await this.#file.append(json);
      return { kind: "delivered" };
    } catch (error) {
      const { message, at } = outputError("the alert file", this.#path, error);
      return { kind: "retry", reason: `${message} (${at})` };
    }
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => {});
    return done;
  }
}
