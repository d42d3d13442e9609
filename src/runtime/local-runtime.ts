import type { KeyTable } from "../core/key-table.ts";
import { Engine } from "../engine/engine.ts";
import { inOrder } from "../engine/event-queue.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { KeyedRuntime } from "./keyed-runtime.ts";

/** Runs all keys in this thread. */
export function createLocalRuntime(plan: EnginePlan, keys: KeyTable): KeyedRuntime {
  const engine = new Engine(plan, keys);
  return {
    depth: 2, // the number of outputs of an engine
    submit: async (batch) => engine.apply(batch),
    tick: async (now) => {
      const { events, episodes } = engine.tick(now);
      return { events: inOrder(events), episodes: inOrder(episodes) };
    },
    pause: async (from, to) => engine.pause(from, to),
    peek: async (key) => engine.peek(key),
    stop: async () => ({ open: engine.openEpisodes(), bytes: engine.bytes }),
  };
}
