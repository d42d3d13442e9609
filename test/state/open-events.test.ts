import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OpenEvents } from "../../src/state/open-events.ts";
import { tempFolder } from "../support/temp-folder.ts";

const EVENT = { subject: "ttyUSB0", sinceMs: 1e12 };

function openIn(path: string): { readonly events: OpenEvents; readonly warnings: string[] } {
  const warnings: string[] = [];
  return { events: new OpenEvents(path, (text) => warnings.push(text)), warnings };
}

async function saved(): Promise<string> {
  const path = join(await tempFolder(), "down.json");
  const { events } = openIn(path);
  events.set("/dev/ttyUSB0", EVENT);
  events.save();
  return path;
}

/** Replaces a file: by a folder, by nothing, or by a text. */
async function damage(path: string, change: (text: string) => string | null): Promise<void> {
  const changed = change(await readFile(path, "utf8"));
  await rm(path);
  if (changed === "directory") await mkdir(path);
  else if (changed !== null) await writeFile(path, changed);
}

const CHANGES: readonly ((text: string) => string | null)[] = [
  () => null,
  () => "",
  () => "directory",
  (text) => text.slice(0, 20),
  (text) => text.replace("USB0", "USB1"),
];

describe("OpenEvents", () => {
  it("does not report a damage if the state directory is a file", async () => {
    const path = join(await tempFolder(), "state");
    await writeFile(path, "");
    expect(openIn(join(path, "down.json")).warnings).toEqual([]);
  });

  it.each(CHANGES)("loses nothing if its file or its copy is damaged: %s", async (change) => {
    for (const end of ["", ".copy"]) {
      const path = await saved();
      await damage(path + end, change);
      const { events, warnings } = openIn(path);
      expect([[...events.all], warnings]).toEqual([[["/dev/ttyUSB0", EVENT]], []]);
    }
  });

  it("says so if both are damaged", async () => {
    const path = await saved();
    for (const end of ["", ".copy"]) await damage(path + end, () => "");
    const { events, warnings } = openIn(path);
    expect([events.all.size, warnings.length]).toEqual([0, 1]);
  });

  it("reads the file of an older version", async () => {
    const path = join(await tempFolder(), "down.json");
    await writeFile(path, `${JSON.stringify({ a: EVENT })}\n`);
    expect(openIn(path)).toMatchObject({ warnings: [] });
    expect([...openIn(path).events.all]).toEqual([["a", EVENT]]);
  });
});
