import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type CliRun, runCli } from "../../support/run-cli.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { FORMATS } from "./formats.ts";

/** What a command says that it has decided. */
interface Decided {
  readonly format: string | undefined;
  readonly key: string | null;
  readonly watched: readonly string[];
}

/** Reads the opening lines, with which every command begins. */
function decidedBy({ code, stderr }: CliRun): Decided {
  expect(code, stderr).toBe(0);
  const line = (label: string): string =>
    new RegExp(`(?:^|: | )${label}: (.*)$`, "m").exec(stderr)?.[1] ?? "";
  return {
    format: line("format").split(";")[0],
    key: /^named by "(.*)"/.exec(line("sensors"))?.[1] ?? null,
    watched: line("watched").split(", ").sort(),
  };
}

it.each(FORMATS.map((entry) => [entry.name, entry] as const))(
  "replay, watch and init decide rightly about %s",
  async (_, { lines, format, key, watched }) => {
    const cwd = await tempFolder();
    const text = `${lines.join("\n")}\n`;
    await writeFile(join(cwd, "plant.txt"), text);
    const expected = { format, key, watched: [...watched].sort() };
    const live = ["watch", "-", "--state", "state"];
    const decided = {
      replay: decidedBy(await runCli(["replay", "plant.txt"], { cwd })),
      pipe: decidedBy(await runCli(["replay", "-"], { cwd, input: text })),
      init: decidedBy(await runCli(["init", "plant.txt"], { cwd })),
      watch: decidedBy(await runCli(live, { cwd, input: text })),
    };
    const all = Object.keys(decided).map((command) => [command, expected]);
    expect(decided).toEqual(Object.fromEntries(all));
  },
);

it("at least 25 formats are compared", () => {
  expect(new Set(FORMATS.map(({ name }) => name)).size).toBeGreaterThanOrEqual(25);
});
