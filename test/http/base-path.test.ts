import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { withoutBasePath } from "../../src/http/listen/base-path.ts";

/** A server that answers with the path that the application gets. */
async function echo(base: string): Promise<(path: string) => Promise<string>> {
  const server = createServer(
    withoutBasePath(base, (request, response) => void response.end(request.url)),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return async (path) => {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" });
    const location = reply.headers.get("location");
    return location === null ? reply.text() : `${reply.status} ${location}`;
  };
}

it.each([
  ["/iot/v1/ml/overview?a=/iot/b", "/v1/ml/overview?a=/iot/b"],
  ["/iot/", "/"],
  ["/iot/iot/x", "/iot/x"],
  ["/v1/ml/overview", "/v1/ml/overview"],
  ["/", "/"],
  ["/iotx/y", "/iotx/y"],
  ["/IOT/y", "/IOT/y"],
  ["/iot", "308 /iot/"],
  ["/iot?x=1", "308 /iot/"],
])("behind a proxy at /iot, %s is %s", async (path, seen) => {
  expect(await (await echo("/iot"))(path)).toBe(seen);
});

it("without a prefix, paths stay as they are", async () => {
  expect(await (await echo(""))("/iot/x")).toBe("/iot/x");
});
