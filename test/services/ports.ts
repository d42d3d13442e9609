import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port that no server has. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Resolves when a server listens at the port. */
export async function accepts(port: number): Promise<void> {
  for (let isThere = false; !isThere; await sleep(20)) {
    const socket = connect({ host: "127.0.0.1", port });
    isThere = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
  }
}
