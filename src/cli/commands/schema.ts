import { jsonSchema } from "../../config/json-schema.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-code.ts";

/** `iotmon schema`. @returns The exit code. */
export async function runSchema({ stdout }: CliContext): Promise<number> {
  stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return EXIT.ok;
}
