import type { Fault } from "../../core/errors.ts";
import { faultAt, type Locate, type Path } from "../document.ts";

/** A variable without a default, which would be in the file. */
const REFERENCE = /(?<!\$)\$\{[A-Za-z_]\w*\}/;
const PASSWORD_IN_ADDRESS = /^[a-z]+:\/\/[^/@:]*:[^/@]+@/i;

/** Faults of passwords of sources that are written in the file. @param written The document before variables were replaced. */
export function sourceSecretFaults(written: unknown, locate: Locate): readonly Fault[] {
  const { source } = written as { readonly source?: unknown };
  return [source].flat().flatMap((entry, i) => {
    const path: Path = Array.isArray(source) ? ["source", i] : ["source"];
    const { password, url } = (entry ?? {}) as { password?: unknown; url?: unknown };
    const found: Fault[] = [];
    const report = (field: string): void => {
      const hint = `Keep it in a variable of the environment: "\${MQTT_${field.toUpperCase()}}"`;
      found.push(faultAt(locate, [...path, field], "is a secret, and written in the file", hint));
    };
    if (typeof password === "string" && !REFERENCE.test(password)) report("password");
    if (typeof url === "string" && PASSWORD_IN_ADDRESS.test(url) && !REFERENCE.test(url)) {
      report("url");
    }
    return found;
  });
}
