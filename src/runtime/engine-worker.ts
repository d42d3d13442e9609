/**
 * What runs in a worker thread: one engine for its share of the keys.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { KeyTable } from "../core/key-table.ts";
import { Engine } from "../engine/engine.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { Answer, Request } from "./messages.ts";
import { type SharedSlab, viewSlab } from "./shared-slab.ts";

interface Running {
  readonly plan: EnginePlan;
  readonly engine: Engine;
}

const keys = new KeyTable();
const slabs: SharedSlab[] = [];
let running: Running | null = null;

function answer(request: Request): Answer {
  if (request.kind === "start") {
    const { plan, shard } = request;
    running = { plan, engine: new Engine(plan, keys, shard) };
    return { kind: "done" };
  }
  if (running === null) throw new Error(`Asked to ${request.kind} before the start`);
  return answerWith(running, request);
}

function answerWith(
  { plan, engine }: Running,
  request: Exclude<Request, { readonly kind: "start" }>,
): Answer {
  switch (request.kind) {
    case "slab":
      slabs[request.slot] = viewSlab(plan, request.buffer, request.capacity);
      return { kind: "done" };
    case "batch": {
      for (const name of request.newKeys) keys.intern(name);
      const { batch, output } = slabs[request.slot] as SharedSlab;
      const decisions = engine.run({ ...batch, length: request.length }, output);
      return { kind: "decisions", decisions };
    }
    case "tick":
      return { kind: "decisions", decisions: engine.tick(request.now) };
    case "peek":
      return { kind: "status", status: engine.peek(request.key) };
    case "stop":
      return { kind: "report", report: { open: engine.openEpisodes(), bytes: engine.bytes } };
  }
}

parentPort?.on("message", (request: Request) => {
  parentPort?.postMessage(answer(request));
});
