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
 */
export function sinkFaults(
  sinks: readonly SinkConfig[],
  written: unknown,
  locate: Locate,
): readonly Fault[] {
  const faults: Fault[] = [];
  const names = new Set<string>();
  for (const [i, sink] of sinks.entries()) {
    const fault = (path: Path, message: string, hint: string): void => {
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
    const texts = secretTexts(sink, (written as Written).sinks?.[i] ?? {});
    for (const [path] of texts.filter(([, text]) => !REFERENCE.test(text))) {
      const variable = sink.type === "slack" ? "SLACK_URL" : "ALERT_SECRET";
      const hint = `Keep it in a variable of the environment: "\${${variable}}"`;
      fault(path, "is a secret, and written in the file", hint);
    }
  }
  return faults;
}

interface WrittenSink {
  readonly url?: string;
  readonly secret?: string | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

interface Written {
  readonly sinks?: readonly WrittenSink[];
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
