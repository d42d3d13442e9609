import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import type { BufferConfig } from "../../../config/schema/buffer.ts";
import type { SourceConfig } from "../../../config/schema/source.ts";
import { decodeOptions, sourcesOf } from "../../../config/sources.ts";
import { suggestAndList } from "../../../config/suggest.ts";
import { IotmonError } from "../../../core/errors.ts";
import { lineFormats } from "../../../io/decoders/registry.ts";
import type { LiveSource } from "../../../io/sources/live/live-source.ts";
import { namedSourceType, sourceTypeOf } from "../../../io/sources/registry.ts";
import type { SourceContext } from "../../../io/sources/source-type.ts";
import type { LineOptions } from "../../../watch/sources/first-lines.ts";
import type { CliContext } from "../../context.ts";
import { type TimeOptions, timesGiven } from "../../options/time-options.ts";
import type { WatchOptions } from "./options.ts";

/** A source with the options for its lines. */
export interface ChosenSource {
  readonly source: LiveSource;
  readonly options: LineOptions;
}

/**
 * Opens the sources of the command line, or those of the pipeline if the command line names none.
 *
 * @throws {IotmonError} `ERR_USAGE` without a source, or when one is named twice.
 */
export async function chooseSources(
  names: readonly string[],
  pipeline: LoadedPipeline | null,
  options: Pick<WatchOptions, "inputFormat" | "baud"> & TimeOptions,
  context: CliContext,
): Promise<readonly ChosenSource[]> {
  const { inputFormat, baud } = options;
  const configs = pipeline === null ? [] : sourcesOf(pipeline.config).map(({ source }) => source);
  const wanted: Wanted[] =
    names.length > 0
      ? names.map((name) => ({ name, config: configOf(name, configs) }))
      : configs.flatMap(namesIn);
  if (wanted.length === 0) {
    throw new IotmonError("ERR_USAGE", "no source to watch", {
      hint: "Name one: a port such as /dev/ttyUSB0, a file that grows, mqtt://host/topic, or - for stdin",
    });
  }
  rejectDuplicates(wanted, context);
  return Promise.all(
    wanted.map(async ({ name, config }) => ({
      options: {
        format: lineFormat(inputFormat ?? config?.format ?? "auto"),
        decode: decodeOptions(config, timesGiven(options), pipeline?.config.buffer),
        set: config?.set ?? {},
        key: oneKey(pipeline?.config.buffer.key),
      },
      source: await openSource(name, config, { ...context, baud: baud ?? null }),
    })),
  );
}

/** The key column, if it is one. */
function oneKey(key: BufferConfig["key"]): string | undefined {
  return typeof key === "string" ? key : undefined;
}

/** A source read twice would count each reading twice. */
function rejectDuplicates(wanted: readonly Wanted[], { cwd }: CliContext): void {
  const names = new Map<string, string>();
  for (const { name } of wanted) {
    const path = name === "-" ? name : resolve(cwd, name);
    const before = names.get(path);
    names.set(path, name);
    if (before === undefined) continue;
    const also = before === name ? "" : `, as ${before} and as ${name}`;
    throw new IotmonError("ERR_USAGE", `a source is named twice${also}`, {
      ...(before === name ? { at: name === "-" ? "stdin" : name } : {}),
      hint: "Remove one of the two",
    });
  }
}

/** Checks the name of a line format; `auto` is one too. */
function lineFormat(name: string): string {
  const known = ["auto", ...lineFormats.map((format) => format.name)];
  if (known.includes(name)) return name;
  throw new IotmonError("ERR_USAGE", `watch can't read the format "${name}"`, {
    hint: suggestAndList(name, known, "Formats are"),
  });
}

interface Wanted {
  readonly name: string;
  readonly config: SourceConfig | undefined;
}

function namesIn(config: SourceConfig): readonly Wanted[] {
  return sourceTypeOf(config.type)
    .names(config)
    .map((name) => ({ name, config }));
}

/** The settings of a source from the command line: those of the same source in the pipeline, else of its first. */
function configOf(name: string, configs: readonly SourceConfig[]): SourceConfig | undefined {
  const own = configs.find((config) => namesIn(config).some((wanted) => wanted.name === name));
  return own ?? configs[0];
}

/** Schemes of addresses that are sources. */
const SCHEMES = ["mqtt", "mqtts"];

/** A misspelt address would be a file that never appears. */
function rejectScheme(name: string, { cwd }: SourceContext): void {
  const [, scheme] = /^([a-z][a-z\d+.-]*):\/\//i.exec(name) ?? [];
  if (scheme === undefined || existsSync(resolve(cwd, name))) return;
  throw new IotmonError("ERR_USAGE", `watch reads no addresses that begin with ${scheme}://`, {
    hint: suggestAndList(scheme, SCHEMES, "Addresses begin with"),
  });
}

/** Opens a source. Its type comes from its name, else from the pipeline; otherwise it is a file. */
function openSource(
  name: string,
  config: SourceConfig | undefined,
  context: SourceContext,
): Promise<LiveSource> {
  const own = config !== undefined && namesIn(config).some((wanted) => wanted.name === name);
  const named = namedSourceType(name);
  if (named === null && !own) rejectScheme(name, context);
  const type = named ?? sourceTypeOf(own ? config.type : "file");
  return type.open(name, config?.type === type.type ? config : null, context);
}
