import { z } from "zod";
import { rollingFunctions } from "../../src/core/features/registry.ts";
import type { RollingFunction } from "../../src/core/features/rolling-function.ts";
import { decoders } from "../../src/io/decoders/registry.ts";
import { sinkTypes } from "../../src/io/sinks/registry.ts";
import { sourceTypes } from "../../src/io/sources/registry.ts";

/** A type of sink or source, as far as a table shows it. */
interface Component {
  readonly type: string;
  readonly fields: z.ZodRawShape;
}

/** Tables of the pages that are made from the registries, by the name in their `<!-- table: NAME -->`. */
export const docsTables: Readonly<Record<string, () => string>> = {
  functions: () =>
    table(
      ["function", "value", "unit", "window", "least"],
      Object.entries(rollingFunctions).map(([name, facts]: [string, RollingFunction]) => [
        code(name),
        facts.summary,
        facts.unit ?? "none",
        windowOf(facts),
        String(facts.leastSamples ?? ""),
      ]),
    ),
  formats: () =>
    table(
      ["format", "what", "from"],
      decoders.map(({ name, summary, inputs }) => [code(name), summary, inputs]),
    ),
  sinks: () =>
    table(
      ["type", "gets", "for"],
      sinkTypes.map(({ type, gets, use }) => [code(type), gets, use]),
    ),
  "sink settings": () => settings(sinkTypes),
  "source settings": () => settings(sourceTypes),
};

/** A page with its tables written again. */
export function withTables(page: string): string {
  return page.replace(
    /(<!-- table: ([a-z ]+) -->\n).*?(<!-- end of table -->)/gs,
    (_, start: string, name: string, end: string) => {
      const make = docsTables[name];
      if (make === undefined) throw new Error(`There is no table "${name}"`);
      return `${start}${make()}\n${end}`;
    },
  );
}

/** The settings of each type, those of the same name in one row. */
function settings(components: readonly Component[]): string {
  const types = components.map(({ type }) => code(type));
  const last = types.pop();
  const rows = new Map<string, { default: string; texts: Map<string, string[]> }>();
  for (const { type, fields } of components) {
    const { properties = {}, required = [] } = z.toJSONSchema(z.strictObject(fields), {
      io: "input",
    });
    for (const [name, field] of Object.entries(properties)) {
      const { description = "", default: value } = field as z.core.JSONSchema.BaseSchema;
      const row = rows.get(name) ?? {
        default: shown(value, required.includes(name)),
        texts: new Map(),
      };
      row.texts.set(description, [...(row.texts.get(description) ?? []), type]);
      rows.set(name, row);
    }
  }
  return table(
    ["field", "default", "what"],
    [
      ["`type`", "required", `${types.join(", ")} or ${last}`],
      ...[...rows].map(([name, row]) => [
        code(name),
        row.default,
        [...row.texts].map(([text, of]) => `${of.join(", ")}: ${text}`).join(" "),
      ]),
    ],
  );
}

function shown(value: unknown, isRequired: boolean): string {
  if (value === undefined) return isRequired ? "required" : "none";
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

/** Windows that a function accepts. */
function windowOf({ window, durations, defaultWindow }: RollingFunction): string {
  if (window === "none") return "none";
  const preset = defaultWindow?.kind === "rows" ? `default ${defaultWindow.rows}` : "";
  if (preset === "") return durations ? "rows or duration" : "rows";
  return durations ? `rows (${preset}) or duration` : `rows, ${preset}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n")
    .replaceAll("|  |", "| |")
    .replace(/^\|(?: --- \|)+$/m, `|${"---|".repeat(head.length)}`);
}

function code(text: string): string {
  return `\`${text}\``;
}
