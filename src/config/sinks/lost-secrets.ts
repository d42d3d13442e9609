import type { SecretKind } from "../../io/sinks/sink-type.ts";
import { changeSecrets, sealedText } from "./document-secrets.ts";

/** Values that pass the checks of secret settings. Nothing is sent with them. */
const PLACEHOLDERS: Readonly<Record<SecretKind, string>> = {
  text: "sealed",
  headers: "sealed",
  address: "https://sealed.invalid/",
  "secret-address": "https://sealed.invalid/",
};

/** A document in which secrets may be missing. */
export interface IncompleteDocument {
  /** With placeholders for the missing secrets. */
  readonly document: unknown;
  /** Missing settings, such as `headers.Authorization`, by the index of their sink. */
  readonly lost: ReadonlyMap<number, readonly string[]>;
  /** Whether the address of the heartbeat is missing. */
  readonly isHeartbeatLost: boolean;
}

/** Replaces the secrets that could not be opened. */
export function withoutSealed(document: unknown): IncompleteDocument {
  const lost = new Map<number, string[]>();
  let isHeartbeatLost = false;
  const complete = changeSecrets(document, ({ value, path, kind }) => {
    if (sealedText(value) === null) return value;
    const [section, sink, ...setting] = path;
    if (section === "heartbeat") {
      isHeartbeatLost = true;
      return PLACEHOLDERS[kind];
    }
    const settings = lost.get(Number(sink)) ?? [];
    lost.set(Number(sink), [...settings, setting.join(".")]);
    return PLACEHOLDERS[kind];
  });
  return { document: complete, lost, isHeartbeatLost };
}
