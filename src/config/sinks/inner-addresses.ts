import type { LookupFunction } from "node:net";
import type { Fault } from "../../core/errors.ts";
import { innerAddressOf, innerHost } from "../../io/sinks/posting/address-guard.ts";
import { faultAt, type Path } from "../document.ts";
import type { LoadedPipeline } from "../loaded-pipeline.ts";

/**
 * Faults of receivers in an inner network, which a pipeline that comes over HTTP may not call: written addresses, and names
 * that resolve to one now. What a name stands for is checked again at each connection, because it may change.
 *
 * @param lookup Resolves names; default: the system.
 */
export async function innerAddressFaults(
  { config, locate }: LoadedPipeline,
  lookup?: LookupFunction,
): Promise<readonly Fault[]> {
  const { sinks, heartbeat } = config;
  const addresses: readonly (readonly [Path, unknown])[] = [
    ...sinks.map((sink, i) => [["sinks", i, "url"], "url" in sink ? sink.url : null] as const),
    [["heartbeat", "url"], heartbeat?.url],
  ];
  const faults = addresses.map(async ([path, text]) => {
    if (typeof text !== "string") return [];
    const url = new URL(text);
    const found = innerHost(url) ?? (await innerAddressOf(url, lookup));
    if (found === null) return [];
    const name = found === url.hostname ? found : `${url.hostname} resolves to ${found}, which`;
    const message = `${name} is in an inner network, which a pipeline that comes over HTTP must not call`;
    const hint =
      "Use a public address, or start the server with the pipeline as a file: serve -p FILE";
    return [faultAt(locate, path, message, hint)];
  });
  return (await Promise.all(faults)).flat();
}
