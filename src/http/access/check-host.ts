import { isLoopback } from "../listen/addresses.ts";
import { Problem } from "../problems/problem.ts";

/**
 * Refuses requests that name another host than this machine. Without it a page of the web could have
 * its own name point here (DNS rebinding) and have a visitor's browser read everything.
 *
 * @param host The `host` header.
 * @throws {Problem} `wrong-host`.
 */
export function checkHost(host: string | undefined): void {
  const name = (host ?? "")
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost") || isLoopback(name)) return;
  throw new Problem(
    "wrong-host",
    "Without tokens only localhost is served. Use http://localhost, or start with --token-file.",
  );
}
