import type { SinkConfig } from "../schema/sinks/sinks.ts";

/** Names of sinks in their order: the configured name, else the type, then `<type>-2`. */
export function sinkNames(sinks: readonly Pick<SinkConfig, "name" | "type">[]): readonly string[] {
  const taken = new Set(sinks.flatMap(({ name }) => name ?? []));
  return sinks.map(({ name, type }) => {
    if (name !== undefined) return name;
    let own: string = type;
    for (let n = 2; taken.has(own); n++) own = `${type}-${n}`;
    taken.add(own);
    return own;
  });
}
