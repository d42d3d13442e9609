import { readFile } from "node:fs/promises";

/** Version of the program, as its package says. */
export async function programVersion(): Promise<string> {
  const text = await readFile(new URL(import.meta.resolve("#package")), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
