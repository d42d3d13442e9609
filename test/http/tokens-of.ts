import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTokens, type Tokens } from "../../src/http/access/tokens.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Tokens of a file with these lines. */
export async function tokensOf(...lines: readonly string[]): Promise<Tokens> {
  const path = join(await tempFolder(), "tokens");
  await writeFile(path, lines.join("\n"));
  return readTokens(path, "tokens");
}
