import type { Server } from "node:http";

/** Result of closing servers: all requests finished, or connections were cut. */
export type Drained = "finished" | "cut";

/**
 * Stops accepting connections, closes idle ones, waits for running requests, and cuts the remaining
 * connections after `limitMs`.
 */
export async function drain(servers: readonly Server[], limitMs: number): Promise<Drained> {
  let outcome: Drained = "finished";
  const cut = setTimeout(() => {
    outcome = "cut";
    for (const server of servers) server.closeAllConnections();
  }, limitMs);
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  );
  await Promise.all(closed);
  clearTimeout(cut);
  return outcome;
}
