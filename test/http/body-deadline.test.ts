import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { limitBodyTime } from "../../src/http/listen/body-deadline.ts";

const MS = 600;

/** A request whose headers have arrived at a server that reads bodies. */
interface Begun {
  /** Sends some of the body. Resolves when it is there. */
  send(chunk: string): Promise<void>;
  /** Lets time pass, which stands still otherwise. */
  pass(ms: number): void;
  late(): boolean;
}

async function begin(type: string): Promise<Begun> {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let isLate = false;
  const server = createServer((request, response) => {
    limitBodyTime(request, MS, () => {
      isLate = true;
    });
    request.resume().once("end", () => response.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  onTestFinished(() => {
    vi.useRealTimers();
    client.destroy();
    server.close();
  });
  const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked`;
  client.write(`${head}\r\n\r\n`);
  const [{ socket }] = (await once(server, "request")) as [IncomingMessage];
  let sent = socket.bytesRead;
  return {
    send: async (chunk) => {
      client.write(chunk);
      sent += chunk.length;
      while (socket.bytesRead < sent) await sleep(5);
    },
    pass: (ms) => void vi.advanceTimersByTime(ms),
    late: () => isLate,
  };
}

it("a body must arrive in time, with or without pauses", async () => {
  const { send, pass, late } = await begin("application/json");
  for (let passed = 0; passed < MS; passed += 50) {
    expect(late()).toBe(false);
    await send("1\r\n \r\n");
    pass(50);
  }
  expect(late()).toBe(true);
});

it("a stream of lines may last while bytes arrive, and no longer", async () => {
  const { send, pass, late } = await begin("application/x-ndjson; charset=utf-8");
  for (let passed = 0; passed < 4 * MS; passed += MS / 2) {
    await send("1\r\n \r\n");
    pass(MS / 2);
    expect(late()).toBe(false);
  }
  pass(2 * MS);
  expect(late()).toBe(true);
});

it("a complete body is never late", async () => {
  const { send, pass, late } = await begin("application/json");
  await send("0\r\n\r\n");
  pass(2.5 * MS);
  expect(late()).toBe(false);
});
