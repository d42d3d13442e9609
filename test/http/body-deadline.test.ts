import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { limitBodyTime } from "../../src/http/body-deadline.ts";

const MS = 600;

/** A server that reads bodies, and a connection that has sent the head of a request to it. */
async function begin(type: string): Promise<{ client: Socket; late: () => boolean }> {
  let isLate = false;
  const server = createServer((request: IncomingMessage, response) => {
    limitBodyTime(request, MS, () => {
      isLate = true;
    });
    request.resume().once("end", () => response.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked`;
  client.write(`${head}\r\n\r\n`);
  return { client, late: () => isLate };
}

/** Sends a little of the body now and then, for `ms`. */
async function trickle(client: Socket, ms: number): Promise<void> {
  for (let waited = 0; waited < ms; waited += 50) {
    client.write("1\r\n \r\n");
    await sleep(50);
  }
}

it("a body has to be there in time, however it comes", async () => {
  const { client, late } = await begin("application/json");
  await trickle(client, 2.5 * MS);
  expect(late()).toBe(true);
});

it("a stream of lines may last while it goes on, and no longer", async () => {
  const { client, late } = await begin("application/x-ndjson; charset=utf-8");
  await trickle(client, 4 * MS);
  expect(late()).toBe(false);
  await sleep(2.5 * MS);
  expect(late()).toBe(true);
});

it("a body that is there is in time", async () => {
  const { client, late } = await begin("application/json");
  client.write("0\r\n\r\n");
  await sleep(2.5 * MS);
  expect(late()).toBe(false);
});
