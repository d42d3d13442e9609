import fc from "fast-check";
import { expect, it } from "vitest";
import { PROBLEMS } from "../../src/http/problems/catalog.ts";
import { wildRequest } from "./requests.ts";
import { PIPELINES, setUp, startApi } from "./support.ts";

const STATUSES = new Set<number>([
  200,
  201,
  ...Object.values(PROBLEMS).map(({ status }) => status),
]);

it("the server answers any request as documented and stays usable", async () => {
  const api = await startApi();
  await setUp(api);
  let done = 0;
  const doneWithPipelines = new Set<string>();
  await fc.assert(
    fc.asyncProperty(wildRequest, async ({ method, url, type, body }) => {
      const sent = method === "GET" ? undefined : body;
      const headers = { "content-type": type };
      const answer = await api.send(method, url, sent, sent === undefined ? {} : headers);
      const shown = `${method} ${url} ${sent} -> ${answer.status} ${JSON.stringify(answer.body)}`;
      expect(answer.status, shown).toBeLessThan(500);
      expect(STATUSES, shown).toContain(answer.status);
      if (answer.status >= 400) {
        expect(answer.headers["content-type"], shown).toContain("application/problem+json");
        expect(shown).not.toMatch(/node_modules|\.ts:\d/);
      }
      if (answer.status < 300 && url.startsWith(`${PIPELINES}/`)) doneWithPipelines.add(method);
      done += 1;
    }),
    { numRuns: 3000 },
  );
  expect(done).toBeGreaterThanOrEqual(3000);
  expect([...doneWithPipelines].sort()).toEqual(["DELETE", "GET", "POST", "PUT"]);
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
  expect((await api.get("/healthz")).status).toBe(200);
});
