import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SequencedBatch } from "../core/batch.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import { type Decisions, inOrder } from "../engine/event-queue.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { DetectorStatus } from "../engine/watch.ts";
import type { KeyedRuntime, RuntimeReport } from "./keyed-runtime.ts";
import type { Answer, Request, WorkerSetup } from "./messages.ts";
import { createSlab, fillSlab, type SharedSlab } from "./shared-slab.ts";

const SLOTS = 2; // one that the workers fill, one that the caller still looks at

/** Answer of the kind that belongs to a request. */
type AnswerOf<Kind extends Answer["kind"]> = Extract<Answer, { readonly kind: Kind }>;

/**
 * Runs keys in worker threads, each key always in the same one. Batches and scores lie in shared
 * memory: every worker reads the rows of its keys and writes their scores beside those of the
 * others; only alerts are sent as messages. So a single key can't be spread.
 *
 * @param workers Threads, >= 1.
 */
export function createWorkerRuntime(
  plan: EnginePlan,
  keys: KeyTable,
  workers: number,
): KeyedRuntime {
  return new WorkerRuntime(plan, keys, workers);
}

class WorkerRuntime implements KeyedRuntime {
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #threads: readonly Worker[];
  readonly #slabs: SharedSlab[] = [];
  readonly #ended = new AbortController();
  #slot = 0;
  #keysSent = 0;

  constructor(plan: EnginePlan, keys: KeyTable, workers: number) {
    this.#plan = plan;
    this.#keys = keys;
    this.#threads = Array.from({ length: workers }, (_, index) => {
      const workerData: WorkerSetup = { plan, shard: { index, count: workers } };
      const thread = new Worker(new URL("./engine-worker.js", import.meta.url), { workerData });
      // a failure reaches whoever waits for an answer; a later question finds the thread ended
      thread.on("error", () => {});
      thread.on("exit", () => this.#ended.abort());
      return thread;
    });
  }

  async submit(batch: SequencedBatch): Promise<EngineOutput> {
    const { length } = batch;
    this.#slot = (this.#slot + 1) % SLOTS;
    const slot = this.#slot;
    const slab = await this.#slab(slot, length);
    fillSlab(slab, batch);
    const newKeys = this.#keys.names.slice(this.#keysSent);
    this.#keysSent = this.#keys.size;
    const answers = await this.#ask({ kind: "batch", slot, length, newKeys }, "decisions");
    const { scores, features } = slab.output;
    return { length, scores, features, ...merge(answers.map(({ decisions }) => decisions)) };
  }

  async tick(now: number): Promise<Pick<EngineOutput, "events" | "episodes">> {
    const answers = await this.#ask({ kind: "tick", now }, "decisions");
    return merge(answers.map(({ decisions }) => decisions));
  }

  async peek(key: number): Promise<readonly DetectorStatus[] | null> {
    const thread = this.#threads[key % this.#threads.length] as Worker;
    return (await ask(thread, { kind: "peek", key }, "status", this.#ended.signal)).status;
  }

  async stop(): Promise<RuntimeReport> {
    const reports = await this.#ask({ kind: "stop" }, "report")
      .then((answers) => answers.map(({ report }) => report))
      .finally(() => Promise.all(this.#threads.map((thread) => thread.terminate())));
    return {
      open: reports
        .flatMap(({ open }) => open)
        .sort((a, b) => a.key - b.key || a.detector - b.detector),
      bytes: reports.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** Shared memory for `rows` rows in this slot; made anew, with room to spare, when it is too small. */
  async #slab(slot: number, rows: number): Promise<SharedSlab> {
    const known = this.#slabs[slot];
    if (known !== undefined && known.capacity >= rows) return known;
    // a multiple of 8 keeps every column aligned
    const slab = createSlab(this.#plan, Math.ceil((rows * 1.25) / 8) * 8);
    this.#slabs[slot] = slab;
    const { buffer, capacity } = slab;
    await this.#ask({ kind: "slab", slot, buffer, capacity }, "done");
    return slab;
  }

  #ask<Kind extends Answer["kind"]>(request: Request, kind: Kind): Promise<AnswerOf<Kind>[]> {
    return Promise.all(
      this.#threads.map((thread) => ask(thread, request, kind, this.#ended.signal)),
    );
  }
}

/** @throws What the worker threw. */
async function ask<Kind extends Answer["kind"]>(
  thread: Worker,
  request: Request,
  kind: Kind,
  ended: AbortSignal,
): Promise<AnswerOf<Kind>> {
  thread.postMessage(request);
  const [answer] = (await once(thread, "message", { signal: ended })) as [Answer];
  if (answer.kind !== kind)
    throw new Error(`Asked a worker to ${request.kind}, got ${answer.kind}`);
  return answer as AnswerOf<Kind>;
}

function merge(decisions: readonly Decisions[]): Pick<EngineOutput, "events" | "episodes"> {
  return {
    events: inOrder(decisions.flatMap(({ messages }) => messages)),
    episodes: inOrder(decisions.flatMap(({ episodes }) => episodes)),
  };
}
