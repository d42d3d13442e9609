/**
 * Faults of sinks that their schema can't find: names given twice, settings that exclude each other, unusable
 * expressions, and secrets that are written in the file.
 *
 * @module
 */
import type { Fault } from "../../core/errors.ts";
import { sinkTypeOf } from "../../io/sinks/registry.ts";
import type { SecretKind } from "../../io/sinks/sink-type.ts";
import { faultAt, type Locate, type Path } from "../document.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import type { SinkConfig } from "../schema/sinks/sinks.ts";
import { matchFaults } from "./match/match-faults.ts";

/** A variable without a default, which would be in the file. */
const REFERENCE = /(?<!\$)\$\{[A-Za-z_]\w*\}/;
const CREDENTIAL = /auth|cookie|key|pass|secret|session|sig|token/i;
/** Hosts whose addresses are secret by themselves. */
const SECRET_HOSTS: readonly string[] = ["hooks.slack.com", "hc-ping.com", "nosnch.in"];

/**
 * Faults of checked sinks.
 *
 * @param written The document before variables were replaced.
 * @param origin Where it came from: what comes over HTTP has no variables to keep its secrets in.
 * @param faulty Entries to skip, such as `sinks.0`.
 */
export function sinkFaults(
  sinks: readonly SinkConfig[],
  written: unknown,
  locate: Locate,
  origin: "file" | "http",
  faulty: ReadonlySet<string> = new Set(),
): readonly Fault[] {
  const faults: Fault[] = [];
  const names = new Set<string>();
  const { sinks: writtenSinks = [] } = written as { readonly sinks?: readonly WrittenSink[] };
  for (const [i, sink] of sinks.entries()) {
    if (faulty.has(`sinks.${i}`)) continue;
    const report: Report = (path, message, hint) => {
      faults.push(faultAt(locate, ["sinks", i, ...path], message, hint));
    };
    if (sink.name !== undefined && names.has(sink.name)) {
      report(["name"], `"${sink.name}" is taken`, "Give each sink a name of its own");
    }
    if (sink.name !== undefined) names.add(sink.name);
    const { faults: ownFaults } = sinkTypeOf(sink.type);
    for (const { setting, message, hint } of ownFaults?.({ ...sink, name: sink.name ?? "" }) ?? [])
      report([setting], message, hint);
    if (origin === "file") reportSecrets(sink, writtenSinks[i] ?? {}, report);
  }
  return [...faults, ...matchFaults(sinks, locate, faulty)];
}

/** Faults of a checked heartbeat: its address may be a secret that is written in the file. */
export function heartbeatFaults(
  { heartbeat }: Pick<PipelineConfig, "heartbeat">,
  written: unknown,
  locate: Locate,
): readonly Fault[] {
  if (heartbeat === undefined || !hasCredentials(heartbeat.url)) return [];
  const { heartbeat: own } = written as { readonly heartbeat?: { readonly url?: unknown } };
  if (REFERENCE.test(String(own?.url))) return [];
  const hint = `Keep it in a variable of the environment: "\${HEARTBEAT_URL}"`;
  const message = "is a secret, and written in the file";
  return [faultAt(locate, ["heartbeat", "url"], message, hint)];
}

type Report = (path: Path, message: string, hint: string) => void;
type WrittenSink = Readonly<Record<string, unknown>>;

function reportSecrets(sink: SinkConfig, written: WrittenSink, report: Report): void {
  for (const [field, kind] of Object.entries(sinkTypeOf(sink.type).secrets)) {
    if (kind === undefined) continue;
    const variable =
      kind === "secret-address" ? `${sink.type}_${field}`.toUpperCase() : "ALERT_SECRET";
    for (const [path, text] of secretTexts(written[field], kind)) {
      if (REFERENCE.test(text)) continue;
      const checked = (sink as WrittenSink)[field];
      if (kind === "address" && !hasCredentials(String(checked))) continue;
      const hint = `Put it into an environment variable: "\${${variable}}"`;
      report([field, ...path], "is a secret and must not be in the file", hint);
    }
  }
}

/** The secret texts of one setting as it is written, each with its path in the setting. */
function secretTexts(value: unknown, kind: SecretKind): (readonly [Path, string])[] {
  if (typeof value === "string") return [[[], value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, text]) => {
    if (kind === "headers" && !CREDENTIAL.test(name)) return [];
    return [[[Array.isArray(value) ? Number(name) : name], String(text)] as const];
  });
}

/** Whether an address alone lets somebody in, as one with a password or a token does. */
function hasCredentials(address: string): boolean {
  const { password, searchParams, hostname } = new URL(address);
  if (SECRET_HOSTS.includes(hostname) || password !== "") return true;
  return [...searchParams.keys()].some((name) => CREDENTIAL.test(name));
}
