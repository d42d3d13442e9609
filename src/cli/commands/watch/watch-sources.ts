import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import type { SourceConfig } from "../../../config/schema/source.ts";
import { sourcesOf } from "../../../config/sources.ts";
import { suggestAndList } from "../../../config/suggest.ts";
import { IotmonError } from "../../../core/errors.ts";
import { lineFormats } from "../../../io/decoders/line-formats.ts";
import { FollowSource } from "../../../io/sources/follow/follow-source.ts";
import type { LiveSource } from "../../../io/sources/live-source.ts";
import type { SerialOptions } from "../../../io/sources/serial/serial-options.ts";
import { SerialSource } from "../../../io/sources/serial/serial-source.ts";
import { StdinSource } from "../../../io/sources/stdin-source.ts";
import type { LineOptions } from "../../../watch/sources/first-lines.ts";
import type { CliContext } from "../../context.ts";
import { parseBaud } from "../../options/kinds.ts";

/** Paths of ports. */
const DEVICE = /^\/dev\/(tty|serial\/|pts\/|cu\.|rfcomm)/;

/** A source, and how its lines are to be read. */
export interface ChosenSource {
  readonly source: LiveSource;
  readonly options: LineOptions;
}

/** What says how sources are read. */
export interface SourceFlags {
  readonly inputFormat?: string;
  readonly baud?: string;
}

/**
 * The sources that are meant: those of the command line, else those of the pipeline.
 *
 * @throws {IotmonError} `ERR_USAGE` when there is none.
 */
export function chooseSources(
  names: readonly string[],
  pipeline: LoadedPipeline | null,
  { inputFormat, baud: wantedBaud }: SourceFlags,
  context: CliContext,
): readonly ChosenSource[] {
  const baud = wantedBaud === undefined ? null : parseBaud(wantedBaud);
  const configs = pipeline === null ? [] : sourcesOf(pipeline.config).map(({ source }) => source);
  const wanted: Wanted[] =
    names.length > 0
      ? names.map((name) => ({ name, config: configOf(name, configs) }))
      : configs.flatMap(namesIn);
  if (wanted.length === 0) {
    throw new IotmonError("ERR_USAGE", "no source to watch", {
      hint: "Name one: a port such as /dev/ttyUSB0, a file that grows, or - for stdin",
    });
  }
  refuseTwice(wanted, context);
  return wanted.map(({ name, config }) => ({
    source: openSource(name, config, baud, context),
    options: {
      format: lineFormat(inputFormat ?? config?.format ?? "auto"),
      rename: config?.rename ?? {},
      set: config?.set ?? {},
      key: pipeline?.config.buffer.key ?? undefined,
    },
  }));
}

/** What is read twice would count twice. */
function refuseTwice(wanted: readonly Wanted[], { cwd }: CliContext): void {
  const names = new Map<string, string>();
  for (const { name } of wanted) {
    const path = name === "-" ? name : resolve(cwd, name);
    const before = names.get(path);
    names.set(path, name);
    if (before === undefined) continue;
    const also = before === name ? "" : `, as ${before} and as ${name}`;
    throw new IotmonError("ERR_USAGE", `a source is named twice${also}`, {
      ...(before === name ? { at: name === "-" ? "stdin" : name } : {}),
      hint: "Leave one of the two out",
    });
  }
}

/** A format that lines are written in, or `auto`. */
function lineFormat(name: string): string {
  const known = ["auto", ...Object.keys(lineFormats)];
  if (known.includes(name)) return name;
  throw new IotmonError("ERR_USAGE", `sources of format "${name}" can't be watched`, {
    hint: suggestAndList(name, known, "Formats are"),
  });
}

interface Wanted {
  readonly name: string;
  readonly config: SourceConfig | undefined;
}

function namesIn(config: SourceConfig): readonly Wanted[] {
  switch (config.type) {
    case "stdin":
      return [{ name: "-", config }];
    case "file":
      return [config.path].flat().map((name) => ({ name, config }));
    case "serial":
      return [{ name: config.path, config }];
    case "http":
      return [];
  }
}

/** What a pipeline says of a source that is named on the command line: of that one, else of its first. */
function configOf(name: string, configs: readonly SourceConfig[]): SourceConfig | undefined {
  const own = configs.find((config) => namesIn(config).some((wanted) => wanted.name === name));
  return own ?? configs[0];
}

function openSource(
  name: string,
  config: SourceConfig | undefined,
  baud: SerialOptions["baud"] | null,
  { stdin, cwd }: CliContext,
): LiveSource {
  if (name === "-") return new StdinSource(stdin);
  const serial = config?.type === "serial" ? config : null;
  if (serial?.path !== name && !DEVICE.test(name)) return followed(name, cwd);
  const { rtscts = false, stale_after: staleMs = null } = serial ?? {};
  const port = { path: name, baud: baud ?? serial?.baud ?? "auto", rtscts, staleMs };
  return new SerialSource(port, cwd);
}

/** A file to follow. One whose name merely looks like a pattern, such as `log[1].csv`, must be there. */
function followed(name: string, cwd: string): FollowSource {
  if (!isDynamicPattern(name) || existsSync(resolve(cwd, name))) return new FollowSource(name, cwd);
  throw new IotmonError("ERR_USAGE", "files are followed by their names, not by a pattern", {
    at: name,
    hint: "Name each of them; the shell does that where the pattern is not quoted. Ports may be patterns",
  });
}
