import { describe, expect, it } from "vitest";
import { startApi } from "../support.ts";
import { tokensOf } from "../tokens-of.ts";

const MAX_BYTES = 250_000;

/** The page and its files, by path. */
async function load() {
  const api = await startApi();
  const page = await api.get("/");
  const loaded = new Map([["/", page]]);
  const wanted = [...String(page.body).matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(
    ([, path = ""]) => `/${path}`, // relative, because a proxy may serve the page under a prefix
  );
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (loaded.has(path)) continue;
    const file = await api.get(path);
    loaded.set(path, file);
    const imports = String(file.body).matchAll(/from "\.\/([^"]+)"/g);
    for (const [, name = ""] of imports) wanted.push(path.replace(/[^/]+$/, name));
  }
  return loaded;
}

describe("the page at /", () => {
  it("takes less than 250 kB with all its files", async () => {
    const loaded = await load();
    expect([...loaded].filter(([, { status }]) => status !== 200)).toEqual([]);
    const names = [...loaded.keys()].map((path) => path.replace(/.*\//, ""));
    expect(names).toEqual(expect.arrayContaining(["main.js", "uplot.js", "page.css", "icon.svg"]));
    const bytes = [...loaded.values()].map(({ body }) => Buffer.byteLength(String(body)));
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
  });

  it("loads nothing from elsewhere and has no inline script", async () => {
    const loaded = await load();
    const page = loaded.get("/");
    expect(page?.headers["content-security-policy"]).toContain("default-src 'self';");
    expect(page?.body).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=| style=/);
    for (const [path, { body }] of loaded) {
      if (path.endsWith("uplot.js")) continue;
      const addresses = String(body).match(/https?:\/\/[^"\s]+/g) ?? [];
      expect(addresses.filter((one) => one !== "http://www.w3.org/2000/svg")).toEqual([]);
    }
  });

  it("escapes the data that it shows", async () => {
    for (const [path, { body }] of await load()) {
      if (path.endsWith("uplot.js")) continue;
      expect(String(body)).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
    }
  });

  it("lets browsers cache its files for ever, under an address that changes with them", async () => {
    const loaded = await load();
    const { "/": page, ...files } = Object.fromEntries(loaded);
    expect(page?.headers["cache-control"]).toBe("no-store");
    for (const { headers } of Object.values(files)) {
      expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
    const api = await startApi();
    const other = await api.get("/page/0000000000000000/main.js");
    expect(other).toMatchObject({
      status: 404,
      body: { type: "urn:iotmon:problem:unknown-route" },
    });
    const [path = ""] = Object.keys(files);
    expect((await api.get(path.replace(/[^/]+$/, "__proto__"))).status).toBe(404);
  });

  it("needs no token, but its data does", async () => {
    const api = await startApi({ tokens: await tokensOf(`read sha256:${"0".repeat(64)}`) });
    const page = await api.get("/");
    expect(page.status).toBe(200);
    const [, path = ""] = /src="([^"]+)"/.exec(String(page.body)) ?? [];
    expect((await api.get(path)).status).toBe(200);
    expect((await api.get("/v1/ml/overview")).status).toBe(401);
  });
});
