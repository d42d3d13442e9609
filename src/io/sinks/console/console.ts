import { aborted } from "../aborted.ts";
import type { OutboundMessage, Outcome, Sink } from "../sink.ts";
import { alertLine, type Painter } from "./alert-line.ts";

/** Settings of a `console` sink. */
export interface ConsoleSettings {
  readonly name: string;
  /** A line for people, or the message as JSON. */
  readonly format: "text" | "json";
}

/** The stream that a `console` sink writes to. */
export interface ConsoleContext {
  readonly stream: NodeJS.WritableStream;
  readonly painter: Painter;
}

/** Writes each message as a line to a stream that belongs to somebody else. */
export class ConsoleSink implements Sink {
  readonly name: string;
  readonly #format: ConsoleSettings["format"];
  readonly #context: ConsoleContext;

  constructor({ name, format }: ConsoleSettings, context: ConsoleContext) {
    this.name = name;
    this.#format = format;
    this.#context = context;
  }

  async deliver({ body, json }: OutboundMessage, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return aborted(signal);
    const { stream, painter } = this.#context;
    const line = this.#format === "json" ? json : alertLine(body, painter);
    return new Promise((resolve) => {
      const stop = (): void => resolve(aborted(signal));
      signal.addEventListener("abort", stop, { once: true });
      const done = (error?: Error | null): void => {
        signal.removeEventListener("abort", stop);
        if (error) resolve({ kind: "retry", reason: "the terminal or pipe does not take it" });
        else resolve({ kind: "delivered" });
      };
      if (stream.writable) stream.write(`${line}\n`, done);
      else done(new Error("closed"));
    });
  }

  async close(): Promise<void> {}
}
