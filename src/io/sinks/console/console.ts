import { z } from "zod";
import { stopped } from "../sink.ts";
import { sinkType } from "../sink-type.ts";

/** Writes each message as a line to stdout, and leaves stdout open. */
export const console = sinkType({
  type: "console",
  title: "the console",
  gets: "a line for people, or JSON, on stdout",
  use: "terminals, pipes",
  fields: {
    format: z
      .enum(["text", "json"])
      .default("text")
      .describe("`text` prints a line for people, `json` the message."),
  },
  secrets: {},
  target: "output",
  async create({ name, format }, { stream, painter }) {
    const { alertLine } = await import("./alert-line.ts");
    return {
      name,
      async deliver({ body, json }, signal) {
        if (signal.aborted) return stopped(signal);
        const line = format === "json" ? json : alertLine(body, painter);
        return new Promise((resolve) => {
          const stop = (): void => resolve(stopped(signal));
          signal.addEventListener("abort", stop, { once: true });
          const done = (error?: Error | null): void => {
            signal.removeEventListener("abort", stop);
            if (error) resolve({ kind: "retry", reason: "the terminal or pipe is closed" });
            else resolve({ kind: "delivered" });
          };
          if (stream.writable) stream.write(`${line}\n`, done);
          else done(new Error("closed"));
        });
      },
      close: async () => {},
    };
  },
});
