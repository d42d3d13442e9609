import type { Readable } from "node:stream";
import { Input } from "./input.ts";

/** Standard input as an {@link Input}. */
export function stdinInput(stdin: Readable): Input {
  return new Input({ label: "stdin", stem: "stdin", size: null, path: null, open: () => stdin });
}
