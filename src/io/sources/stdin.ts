import type { Readable } from "node:stream";
import { Input } from "./inputs/input.ts";
import { sourceType } from "./source-type.ts";

/** Standard input, `-` on a command line. */
export const stdin = sourceType({
  type: "stdin",
  fields: {},
  names: () => ["-"],
  isNamed: (name) => name === "-",
  isRecorded: false,
  async open(_name, _settings, context) {
    const { StdinSource } = await import("./live/stdin-source.ts");
    return new StdinSource(context.stdin);
  },
});

/** Standard input as an {@link Input}. */
export function stdinInput(stream: Readable): Input {
  return new Input({ label: "stdin", stem: "stdin", size: null, path: null, open: () => stream });
}
