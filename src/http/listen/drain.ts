import type { Server } from "node:http";

/** What came of closing servers. */
export type Drained = "finished" | "cut";

/**
 * Takes no more connections, lets requests that have begun finish, closes idle connections, and cuts
 * what is left after a time.
 */
export async function drain(servers: readonly Server[], mostMs: number): Promise<Drained> {
  let outcome: Drained = "finished";
  const cut = setTimeout(() => {
    outcome = "cut";
    for (const server of servers) server.closeAllConnections();
  }, mostMs);
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
