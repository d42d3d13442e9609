import type { SequencedBatch } from "../core/batch.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import type { DetectorStatus } from "../engine/evaluation/evaluation.ts";
import { allInOrder, type Decisions, type OrderedDecisions } from "../engine/event-queue.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { EngineClient, Request } from "./clients/engine-client.ts";
import { LocalClient } from "./clients/local-client.ts";
import { createSlab, fillSlab, type SharedSlab } from "./clients/shared-slab.ts";
import { SpareThreads } from "./clients/spare-threads.ts";
import type { KeyedRuntime, RuntimeReport } from "./keyed-runtime.ts";
import type { WorkShares } from "./work-shares.ts";

/**
 * Maximum number of submitted batches, each in a slot of shared memory. A thread that finishes one finds the
 * next one waiting, so threads do not wait for the slowest at every batch. This matters most with few cores.
 */
const DEPTH = 4;

/**
 * Runs keys in several engines; each key always runs in the same one. Batches and scores are in shared memory:
 * every engine reads the rows of its keys and writes their scores. Only alert events are copied between threads.
 *
 * @param spare Threads to use first.
 */
export function createWorkerRuntime(
  plan: EnginePlan,
  keys: KeyTable,
  shares: WorkShares,
  spare = new SpareThreads(0),
): KeyedRuntime {
  return new WorkerRuntime(plan, keys, shares, spare);
}

class WorkerRuntime implements KeyedRuntime {
  readonly depth = DEPTH;
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #owners: Uint8Array;
  /** Worker threads first: they run before the caller starts its own engine. */
  readonly #clients: readonly EngineClient[];
  readonly #slabs: SharedSlab[] = [];
  #slot = 0;
  #keysSent = 0;

  constructor(
    plan: EnginePlan,
    keys: KeyTable,
    { threads, owners }: WorkShares,
    spare: SpareThreads,
  ) {
    this.#plan = plan;
    this.#keys = keys;
    this.#owners = owners;
    const inThreads = Array.from({ length: threads }, () => spare.take());
    this.#clients = owners.includes(threads) ? [...inThreads, new LocalClient()] : inThreads;
    for (const [index, client] of this.#clients.entries()) {
      this.#send(client, { kind: "start", plan, shard: { index, owners } });
    }
  }

  async submit(batch: SequencedBatch): Promise<EngineOutput> {
    const { length, restarts } = batch;
    this.#slot = (this.#slot + 1) % DEPTH;
    const slot = this.#slot;
    const slab = this.#slab(slot, length);
    fillSlab(slab, batch);
    const newKeys = this.#keys.names.slice(this.#keysSent);
    this.#keysSent = this.#keys.size;
    const answers = await Promise.all(
      this.#clients.map((client) =>
        client.ask({ kind: "batch", slot, length, restarts, newKeys }, "decisions"),
      ),
    );
    const { scores, features } = slab.output;
    return { length, scores, features, ...merge(answers.map(({ decisions }) => decisions)) };
  }

  async tick(now: number): Promise<Pick<EngineOutput, "events" | "episodes">> {
    const answers = await Promise.all(
      this.#clients.map((client) => client.ask({ kind: "tick", now }, "decisions")),
    );
    const { events, episodes } = merge(answers.map(({ decisions }) => decisions));
    return { events, episodes };
  }

  async pause(from: number, to: number): Promise<void> {
    await Promise.all(
      this.#clients.map((client) => client.ask({ kind: "pause", from, to }, "done")),
    );
  }

  async peek(key: number): Promise<readonly DetectorStatus[] | null> {
    const owner = this.#owners[key % this.#owners.length] as number;
    const client = this.#clients[owner] as EngineClient;
    return (await client.ask({ kind: "peek", key }, "status")).status;
  }

  async stop(): Promise<RuntimeReport> {
    const reports = await Promise.all(
      this.#clients.map((client) => client.ask({ kind: "stop" }, "report")),
    )
      .then((answers) => answers.map(({ report }) => report))
      .finally(() => Promise.all(this.#clients.map((client) => client.terminate())));
    return {
      open: reports
        .flatMap(({ open }) => open)
        .sort((a, b) => a.key - b.key || a.detector - b.detector),
      bytes: reports.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** Shared memory for `rows` rows in a slot; replaced by a larger one if it is too small. */
  #slab(slot: number, rows: number): SharedSlab {
    const known = this.#slabs[slot];
    if (known !== undefined && known.capacity >= rows) return known;
    // a multiple of 8 keeps every column aligned
    const slab = createSlab(this.#plan, Math.ceil((rows * 1.25) / 8) * 8);
    this.#slabs[slot] = slab;
    const { buffer, capacity } = slab;
    for (const client of this.#clients) {
      this.#send(client, { kind: "slab", slot, buffer, capacity });
    }
    return slab;
  }

  /** Ignores errors: the next batch request throws them. */
  #send(client: EngineClient, request: Request): void {
    client.ask(request, "done").catch(() => {});
  }
}

function merge(decisions: readonly Decisions[]): OrderedDecisions {
  return allInOrder({
    events: decisions.flatMap(({ events }) => events),
    episodes: decisions.flatMap(({ episodes }) => episodes),
  });
}
