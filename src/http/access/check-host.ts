import { isLoopback } from "../listen/addresses.ts";
import { Problem } from "../problems/problem.ts";

/**
 * Rejects requests that name another host than this machine. Otherwise a web page could point its own name at
 * this address (DNS rebinding) and read everything through a visitor's browser.
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
    "Without tokens the server only answers for localhost. Use http://localhost, or start with --token-file.",
  );
}
