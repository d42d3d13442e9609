/**
 * Entry point of a worker thread.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import type { Request } from "./clients/engine-client.ts";
import { EngineHost } from "./clients/engine-host.ts";

const host = new EngineHost();
parentPort?.on("message", (request: Request) => {
  parentPort?.postMessage(host.answer(request));
});
