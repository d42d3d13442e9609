import { beforeAll, describe, expect, it } from "vitest";
import { jsonSchema } from "../../src/config/schema/json-schema.ts";
import { alertJsonSchema } from "../../src/io/messages/alert-schema.ts";
import { codeBlocks, ROOT, readPage, section, tableRows } from "../support/markdown.ts";
import { runCli } from "../support/run-cli.ts";

/** Part of a JSON Schema. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
}

/** Properties of a value, of all its forms together. */
function properties(schema: Schema | undefined): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>(Object.entries(schema?.properties ?? {}));
  const forms = [schema?.items, ...(schema?.anyOf ?? []), ...(schema?.oneOf ?? [])];
  for (const form of forms) {
    if (form === undefined) continue;
    for (const [name, property] of properties(form)) found.set(name, property);
  }
  return found;
}

/** First cell of a row as the names in it: "`a`, `b`". */
function names(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
}

describe("docs/pipeline.md", () => {
  const page = readPage("docs/pipeline.md");
  const top = properties(jsonSchema() as Schema);
  const sections: readonly (readonly [heading: string, ReadonlyMap<string, Schema>])[] = [
    ["## Top level", top],
    ...[...top]
      .map(([name, schema]) => [`## \`${name}\``, properties(schema)] as const)
      .filter(([, fields]) => fields.size > 0),
  ];

  it.each(sections)("has a row for each field, and no other, under %s", (heading, fields) => {
    const rows = tableRows(section(page, heading));
    expect(rows.flatMap(([first]) => names(first)).sort()).toEqual([...fields.keys()].sort());
  });

  it.each(sections)("shows the defaults of the schema under %s", (heading, fields) => {
    const rows = tableRows(section(page, heading));
    for (const [name, { default: value }] of fields) {
      if (value === undefined || (typeof value === "object" && !Array.isArray(value))) continue;
      if (Array.isArray(value) && value.length > 0) continue;
      const row = rows.find(([first]) => names(first).includes(name));
      const text = typeof value === "string" ? value : JSON.stringify(value);
      expect(names(row?.[1]), `default of ${name}`).toContain(text);
    }
  });
});

describe("docs/alerts.md", () => {
  const page = readPage("docs/alerts.md");
  const fields = properties(alertJsonSchema() as Schema);
  const explanation = fields.get("explanation");
  const contributions = properties(explanation).get("contributions");
  const documented = (part: string): string[] => tableRows(part).flatMap(([first]) => names(first));

  it("has a row for each field, and no other", () => {
    expect(documented(section(page, "## Fields")).sort()).toEqual([...fields.keys()].sort());
    const nested = [...properties(explanation).keys(), ...properties(contributions).keys()];
    expect(documented(section(page, "## `explanation`")).sort()).toEqual(nested.sort());
  });

  it("shows a real message", () => {
    const [example] = codeBlocks(["docs/alerts.md"]).filter(({ language }) => language === "json");
    const golden = readPage("fixtures/golden/replay/machine-temperature.jsonl");
    const shown = JSON.parse(example?.text ?? "");
    expect(golden.split("\n")).toContain(JSON.stringify(shown));
  });
});

describe.each([
  ["docs/replay.md", "replay"],
  ["docs/http-api.md", "serve"],
  ["docs/testing.md", "test"],
  ["docs/watch.md", "watch"],
])("%s", (page, command) => {
  const rows = tableRows(section(readPage(page), "## Options"));
  let help = "";

  beforeAll(async () => {
    help = (await runCli([command, "--help"])).stdout;
  });

  it("has a row for each option of --help, and no other", () => {
    const options = [...help.matchAll(/^ {2}(-\w, )?(--[\w-]+)/gm)].map(([, , name]) => name);
    const documented = rows.flatMap(([first]) => names(first)).filter((n) => n.startsWith("--"));
    expect(documented.sort()).toEqual(options.sort());
  });

  it("shows the defaults of --help", () => {
    for (const entry of help.split(/\n(?= {2}-)/)) {
      const option = /--[\w-]+/.exec(entry)?.[0] ?? "";
      const stated = /default:\s+"([^"]+)"/.exec(entry)?.[1];
      const row = rows.find(([first]) => names(first).includes(option));
      if (stated !== undefined) expect(names(row?.[1]), option).toContain(stated);
    }
  });
});

describe("docs/input.md", () => {
  it("lists every reason for which a row of the messy fixture is rejected", async () => {
    const args = ["replay", "fixtures/messy.csv", "--format", "json", "-q"];
    const { stdout } = await runCli(args, { cwd: ROOT });
    const { reject_reasons: reasons } = JSON.parse(stdout) as {
      reject_reasons: Record<string, number>;
    };
    const rows = tableRows(section(readPage("docs/input.md"), "## Rows that can't be used"));
    expect(Object.keys(reasons).length).toBeGreaterThan(5);
    expect(rows.flatMap(([first]) => names(first))).toEqual(
      expect.arrayContaining(Object.keys(reasons)),
    );
  });
});
