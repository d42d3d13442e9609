import { describe, expect, it } from "vitest";
import type { EngineClient, Request } from "../../src/runtime/clients/engine-client.ts";
import { EngineThread } from "../../src/runtime/clients/engine-thread.ts";
import { LocalClient } from "../../src/runtime/clients/local-client.ts";
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
const batch: Request = { kind: "batch", slot: 0, length: 1, restarts: [], newKeys: [] };

describe.each<[string, () => EngineClient]>([
  ["in this thread", () => new LocalClient()],
  ["in a thread of its own", () => new EngineThread()],
])("an engine %s", (_, createClient) => {
  /** Sends all requests at once. Returns the error of each, null for one that succeeds. */
  const errorsOf = async (requests: readonly Request[]): Promise<unknown[]> => {
    const client = createClient();
    const asked = requests.map((request) => client.ask(request, "done"));
    const answers = await Promise.allSettled(asked);
    await client.terminate();
    return answers.map((answer) => (answer.status === "rejected" ? answer.reason : null));
  };

  it("rejects a batch with the error of its start", async () => {
    const [atStart, atBatch] = await errorsOf([{ ...start, plan: null as never }, batch]);
    expect(atStart).toBeInstanceOf(TypeError);
    expect(atBatch).toBe(atStart);
  });

  it("rejects a batch with the error of its memory", async () => {
    // the error of a thread may overtake the answer to its start
    const [, atMemory, atBatch] = await errorsOf([start, tooSmall, batch]);
    expect(atMemory).toBeInstanceOf(RangeError);
    expect(atBatch).toBe(atMemory);
  });
});
