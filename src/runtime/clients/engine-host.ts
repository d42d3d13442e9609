import { KeyTable } from "../../core/key-table.ts";
import { Engine } from "../../engine/engine.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { Answer, Request } from "./engine-client.ts";
import { type SharedSlab, viewSlab } from "./shared-slab.ts";

interface Running {
  readonly plan: EnginePlan;
  readonly engine: Engine;
}

/** Runs one engine for its share of the keys and answers requests. */
export class EngineHost {
  readonly #keys = new KeyTable();
  readonly #slabs: SharedSlab[] = [];
  #running: Running | null = null;

  /** Executes a request synchronously. */
  answer(request: Request): Answer {
    if (request.kind === "start") {
      const { plan, shard } = request;
      this.#running = { plan, engine: new Engine(plan, this.#keys, shard) };
      return { kind: "done" };
    }
    if (this.#running === null) throw new Error(`Asked to ${request.kind} before the start`);
    return this.#answerWith(this.#running, request);
  }

  #answerWith(
    { plan, engine }: Running,
    request: Exclude<Request, { readonly kind: "start" }>,
  ): Answer {
    switch (request.kind) {
      case "slab":
        this.#slabs[request.slot] = viewSlab(plan, request.buffer, request.capacity);
        return { kind: "done" };
      case "batch": {
        for (const name of request.newKeys) this.#keys.intern(name);
        const { batch, output } = this.#slabs[request.slot] as SharedSlab;
        batch.length = request.length;
        batch.restarts = request.restarts;
        const decisions = engine.run(batch, output);
        return { kind: "decisions", decisions };
      }
      case "tick":
        return { kind: "decisions", decisions: engine.tick(request.now) };
      case "pause":
        engine.pause(request.from, request.to);
        return { kind: "done" };
      case "peek":
        return { kind: "status", status: engine.peek(request.key) };
      case "stop":
        return { kind: "report", report: { open: engine.openEpisodes(), bytes: engine.bytes } };
    }
  }
}
