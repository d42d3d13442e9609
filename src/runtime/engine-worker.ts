/**
 * What runs in a worker thread: one engine for its share of the keys.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { KeyTable } from "../core/key-table.ts";
import { Engine } from "../engine/engine.ts";
import type { Answer, Request, WorkerSetup } from "./messages.ts";
import { type SharedSlab, viewSlab } from "./shared-slab.ts";

const { plan, shard } = workerData as WorkerSetup;
const keys = new KeyTable();
const engine = new Engine(plan, keys, shard);
const slabs: SharedSlab[] = [];

function answer(request: Request): Answer {
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
