import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A webhook receiver on a free port of 127.0.0.1. */
export interface Receiver {
  readonly url: string;
  /** Bodies of requests to a path, parsed, sorted by their ids, each once. */
  bodies(path: string): readonly { readonly id: string }[];
  close(): void;
}

/** @param status Which status a path is answered with. */
export async function startReceiver(status: (path: string) => number): Promise<Receiver> {
  const received = new Map<string, Map<string, { readonly id: string }>>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const body = JSON.parse(await text(request)) as { readonly id: string };
    const before = received.get(path) ?? new Map<string, { readonly id: string }>();
    received.set(path, before.set(body.id, body));
    response.writeHead(status(path)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies: (path) =>
      [...(received.get(path)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1)),
    close: () => server.close(),
  };
}
