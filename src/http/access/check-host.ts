import type { IncomingMessage } from "node:http";
import { isLoopback } from "../listen/addresses.ts";
import { Problem } from "../problems/problem.ts";

/**
 * Rejects requests without exactly one `host` header, and those that name another host than this machine. Otherwise a
 * web page could point its own name at this address (DNS rebinding) and read everything through a visitor's browser.
 *
 * @param localOnly Whether the host must be this machine.
 * @throws {Problem} `bad-request` or `wrong-host`.
 */
export function checkHost(request: IncomingMessage, localOnly: boolean): void {
  const { headers, rawHeaders, httpVersion } = request;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === "host") hosts += 1;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion !== "1.0")) {
    const sent = hosts === 0 ? "none" : hosts;
    throw new Problem("bad-request", `Send one header \`host\`; this request has ${sent}.`);
  }
  if (localOnly && !isThisMachine(headers.host ?? "")) {
    throw new Problem(
      "wrong-host",
      "Without tokens the server only answers for localhost. Use http://localhost, or start with --token-file.",
    );
  }
}

function isThisMachine(host: string): boolean {
  const name = host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || isLoopback(name);
}
