import { sinkTypes } from "../../io/sinks/registry.ts";
import type { SecretKind } from "../../io/sinks/sink-type.ts";
import type { Path } from "../document.ts";

/** Key of a sealed secret. No name of a header has parentheses, so no document contains it by itself. */
const SEALED = "(sealed)";

/** A secret of a document, as it is stored. */
export interface SealedSecret {
  readonly [SEALED]: string;
}

export function sealedSecret(sealed: string): SealedSecret {
  return { [SEALED]: sealed };
}

/** The sealed text of a value; null if it is not sealed. */
export function sealedText(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const sealed = (value as Partial<Record<string, unknown>>)[SEALED];
  return typeof sealed === "string" ? sealed : null;
}

/** A secret setting of a sink or of the heartbeat: its value as written, and its path in the document. */
export interface FoundSecret {
  readonly value: unknown;
  readonly path: Path;
  readonly kind: SecretKind;
}

/**
 * A copy of a pipeline document with changed secrets. The objects of the sinks say which of their settings are secret.
 *
 * @param document Plain JSON, maybe no valid pipeline.
 * @param change Called for each secret text, sealed or not; those in lists and headers one by one.
 */
export function changeSecrets(
  document: unknown,
  change: (secret: FoundSecret) => unknown,
): unknown {
  if (!isObject(document)) return document;
  const { heartbeat } = document;
  if (!isObject(heartbeat) || heartbeat["url"] === undefined) return changeSinks(document, change);
  const path = ["heartbeat", "url"];
  const url = change({ value: heartbeat["url"], path, kind: "secret-address" });
  return changeSinks({ ...document, heartbeat: { ...heartbeat, url } }, change);
}

function changeSinks(
  document: Readonly<Record<string, unknown>>,
  change: (secret: FoundSecret) => unknown,
): unknown {
  if (!Array.isArray(document["sinks"])) return document;
  const sinks = document["sinks"].map((sink: unknown, i) => {
    if (!isObject(sink)) return sink;
    const secrets = sinkTypes.find(({ type }) => type === sink["type"])?.secrets ?? {};
    const changed = Object.entries(secrets).flatMap(([field, kind]) => {
      if (sink[field] === undefined || kind === undefined) return [];
      return [[field, changeEach(sink[field], ["sinks", i, field], kind, change)] as const];
    });
    return { ...sink, ...Object.fromEntries(changed) };
  });
  return { ...document, sinks };
}

function changeEach(
  value: unknown,
  path: Path,
  kind: SecretKind,
  change: (secret: FoundSecret) => unknown,
): unknown {
  if (sealedText(value) !== null || !(isObject(value) || Array.isArray(value))) {
    return change({ value, path, kind });
  }
  if (Array.isArray(value)) {
    return value.map((one, i) => changeEach(one, [...path, i], kind, change));
  }
  const entries = Object.entries(value).map(([name, one]) => {
    return [name, changeEach(one, [...path, name], kind, change)];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
