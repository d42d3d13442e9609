/**
 * What runs in a worker thread.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { EngineHost } from "./engine-host.ts";
import type { Request } from "./messages.ts";

const host = new EngineHost();
parentPort?.on("message", (request: Request) => {
  parentPort?.postMessage(host.answer(request));
});
