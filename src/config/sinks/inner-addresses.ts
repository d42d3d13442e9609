import type { Fault } from "../../core/errors.ts";
import { innerHost } from "../../io/sinks/posting/address-guard.ts";
import { faultAt, type Path } from "../document.ts";
import type { LoadedPipeline } from "../loaded-pipeline.ts";

/**
 * Faults of receivers in an inner network, which a pipeline that comes over HTTP may not call. Checks the written
 * addresses; what a name stands for is checked at each connection, because it may change.
 */
export function innerAddressFaults({ config, locate }: LoadedPipeline): readonly Fault[] {
  const { sinks, heartbeat } = config;
  const addresses: readonly (readonly [Path, unknown])[] = [
    ...sinks.map((sink, i) => [["sinks", i, "url"], "url" in sink ? sink.url : null] as const),
    [["heartbeat", "url"], heartbeat?.url],
  ];
  return addresses.flatMap(([path, url]) => {
    const host = typeof url === "string" ? innerHost(new URL(url)) : null;
    if (host === null) return [];
    const message = `${host} is in an inner network, which a pipeline that comes over HTTP must not call`;
    const hint =
      "Use a public address, or start the server with the pipeline as a file: serve -p FILE";
    return [faultAt(locate, path, message, hint)];
  });
}
