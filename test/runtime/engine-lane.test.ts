import { describe, expect, it } from "vitest";
import type { EngineClient } from "../../src/runtime/engine-client.ts";
import { EngineThread } from "../../src/runtime/engine-thread.ts";
import { LocalClient } from "../../src/runtime/local-client.ts";
import type { Request } from "../../src/runtime/messages.ts";
import { testPlan } from "../support/engine-stream.ts";

const start: Request = {
  kind: "start",
  plan: testPlan,
  shard: { index: 0, owners: new Uint8Array(1) },
};
const tooSmall: Request = {
  kind: "slab",
  slot: 0,
  buffer: new SharedArrayBuffer(8),
  capacity: 1000,
};
const batch: Request = { kind: "batch", slot: 0, length: 1, newKeys: [] };

describe.each<[string, () => EngineClient]>([
  ["in this thread", () => new LocalClient()],
  ["in a thread of its own", () => new EngineThread()],
])("an engine %s", (_, createLane) => {
  /** Asks all at once, as a runtime does that waits for a batch only; why each was refused, null: it was not. */
  const refusals = async (requests: readonly Request[]): Promise<unknown[]> => {
    const lane = createLane();
    const asked = requests.map((request) => lane.ask(request, "done"));
    const answers = await Promise.allSettled(asked);
    await lane.terminate();
    return answers.map((answer) => (answer.status === "rejected" ? answer.reason : null));
  };

  it("tells of what went wrong at its start when it is asked for a batch", async () => {
    const [atStart, atBatch] = await refusals([{ ...start, plan: null as never }, batch]);
    expect(atStart).toBeInstanceOf(TypeError);
    expect(atBatch).toBe(atStart);
  });

  it("tells of what went wrong with its memory when it is asked for a batch", async () => {
    const [atStart, atMemory, atBatch] = await refusals([start, tooSmall, batch]);
    expect(atStart).toBeNull();
    expect(atMemory).toBeInstanceOf(RangeError);
    expect(atBatch).toBe(atMemory);
  });
});
