/**
 * What the schema can't say about sinks: names given twice, settings that exclude one another, and
 * secrets that are written in the file.
 *
 * @module
 */
import type { Fault } from "../core/errors.ts";
import type { Locate, Path } from "./document.ts";
import type { SinkConfig } from "./schema/sinks.ts";
import { prefix } from "./schema-faults.ts";

/** A variable without a default, which would be in the file. */
const REFERENCE = /(?<!\$)\$\{[A-Za-z_]\w*\}/;
const CREDENTIAL = /auth|cookie|key|pass|secret|session|sig|token/i;

/**
 * Faults of checked sinks.
 *
 * @param written The document before variables were replaced.
 * @param origin Where it came from: what comes over HTTP has no variables to keep its secrets in.
 */
export function sinkFaults(
  sinks: readonly SinkConfig[],
  written: unknown,
  locate: Locate,
  origin: "file" | "http",
): readonly Fault[] {
  const faults: Fault[] = [];
  const names = new Set<string>();
  for (const [i, sink] of sinks.entries()) {
    const fault: Tell = (path, message, hint) => {
      const at = ["sinks", i, ...path];
      faults.push({ at: locate(at), message: `${prefix(at)}${message}`, hint });
    };
    if (sink.name !== undefined && names.has(sink.name)) {
      fault(["name"], `"${sink.name}" is taken`, "Give each sink a name of its own");
    }
    if (sink.name !== undefined) names.add(sink.name);
    if (sink.type === "webhook" && sink.secret !== undefined && sink.secret_file !== undefined) {
      fault(["secret_file"], "is given beside secret", "Keep one of the two");
    }
    if (origin === "file") refuseSecrets(sink, sinksIn(written)[i] ?? {}, fault);
  }
  return faults;
}

type Tell = (path: Path, message: string, hint: string) => void;

function refuseSecrets(sink: SinkConfig, written: WrittenSink, fault: Tell): void {
  for (const [path, text] of secretTexts(sink, written)) {
    if (REFERENCE.test(text)) continue;
    const variable = sink.type === "slack" ? "SLACK_URL" : "ALERT_SECRET";
    const hint = `Keep it in a variable of the environment: "\${${variable}}"`;
    fault(path, "is a secret, and written in the file", hint);
  }
}

interface WrittenSink {
  readonly url?: string;
  readonly secret?: string | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

interface Written {
  readonly sinks?: readonly WrittenSink[];
}

function sinksIn(written: unknown): readonly WrittenSink[] {
  return (written as Written).sinks ?? [];
}

/** The texts of a sink that hold secrets, as written, each with its place. */
function secretTexts(sink: SinkConfig, written: WrittenSink): (readonly [Path, string])[] {
  const { url = "", secret = [], headers = {} } = written;
  const secrets = typeof secret === "string" ? [[["secret"], secret] as const] : [];
  const list = typeof secret === "string" ? [] : secret;
  const hasSecretUrl = "url" in sink && hasCredentials(sink.url, sink.type);
  return [
    ...secrets,
    ...list.map((text, i) => [["secret", i], text] as const),
    ...(hasSecretUrl ? [[["url"], url] as const] : []),
    ...Object.entries(headers)
      .filter(([name]) => CREDENTIAL.test(name))
      .map(([name, text]) => [["headers", name], text] as const),
  ];
}

/** Whether an address alone lets somebody in: all of Slack's do, and those with a password or a token. */
function hasCredentials(address: string, type: SinkConfig["type"]): boolean {
  const { password, searchParams, hostname } = new URL(address);
  if (type === "slack" || hostname === "hooks.slack.com" || password !== "") return true;
  return [...searchParams.keys()].some((name) => CREDENTIAL.test(name));
}
