import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { newToken } from "../../src/http/access/tokens.ts";
import { type Served, serveIn } from "../support/serve-process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { requireChromium, startBrowser, visit } from "./start-browser.ts";

const BUFFERS = "/v1/ml/polars/buffers";
const START = Date.UTC(2026, 2, 1);
const soon = { timeout: 50_000, interval: 100 };

/** A pipeline of ovens: too hot above 200 for two readings, and an anomaly detector. */
const OVENS = {
  version: 1,
  buffer: {
    schema: { timestamp: "datetime", sensor_id: "str", temperature: "float", load: "float" },
  },
  detectors: [
    {
      name: "unusual",
      algorithm: "ecod",
      features: ["temperature", "load"],
      warmup_period: 50,
      min_reference: 20,
    },
    {
      name: "too_hot",
      algorithm: "threshold",
      when: "temperature > 200",
      severity: "critical",
      alerts: { for: "2 of 2" },
    },
  ],
};

/** A server with helpers for its requests. */
class Server {
  readonly served: Served;
  readonly origin: string;

  constructor(served: Served) {
    this.served = served;
    this.origin = `http://localhost:${served.port}`;
  }

  static async start(...args: readonly string[]): Promise<Server> {
    return new Server(await serveIn(await tempFolder(), ...args));
  }

  async send(method: "POST" | "PUT", path: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  /** Appends rows to `ovens`, a minute apart; `load` repeats seven values. */
  async append(sensor: string, from: number, temperatures: readonly number[]): Promise<void> {
    const rows = temperatures.map((temperature, i) => ({
      timestamp: new Date(START + 60_000 * (from + i)).toISOString(),
      sensor_id: sensor,
      temperature,
      load: (from + i) % 7,
    }));
    await this.send("POST", `${BUFFERS}/ovens/append`, { rows });
  }
}

const warm = Array.from({ length: 120 }, (_, i) => 150 + 3 * Math.sin(i));

/** A server with the pipeline `ovens` and two sensors: one is warm, one warms up. */
async function startOvens(...args: readonly string[]): Promise<Server> {
  const server = await Server.start(...args);
  await server.send("PUT", "/v1/ml/pipelines/ovens", OVENS);
  await server.append("north", 0, warm);
  await server.append("south", 0, warm.slice(0, 10));
  return server;
}

const option = (page: Page, sensor: string) => page.getByRole("option", { name: sensor });

const alertsOf = (page: Page) => page.getByRole("region", { name: "Alerts" });

/** The pixels of each chart. */
function pixels(page: Page): Promise<string[]> {
  return page.locator("canvas").evaluateAll((all) => {
    return all.map((one) => (one as unknown as { toDataURL(): string }).toDataURL());
  });
}

/** Measures the processor time of a page, ms; other load does not add to it. */
async function workOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const total = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
  };
  const before = await total();
  return async () => (await total()) - before;
}

describe.skipIf(process.env["SKIP_SERVICES"] === "1")("a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    requireChromium();
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  it("shows how to start on an empty server, then the first pipeline", async () => {
    const server = await Server.start();
    const { page, complaints } = await visit(browser, server.origin);
    await page.getByText("No buffer or pipeline yet").waitFor();
    expect(await page.locator("pre").textContent()).toContain(`curl ${server.origin}/v1/ml/`);
    await server.send("PUT", "/v1/ml/pipelines/ovens", OVENS);
    await page.getByRole("button", { name: /ovens.*pipeline/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows readings as they arrive, then the alert with its reason, without requests to other servers", async () => {
    const server = await startOvens();
    const { page, complaints, requests } = await visit(browser, server.origin);
    await page.getByText("Live", { exact: true }).waitFor();
    expect(await option(page, "north").textContent()).toContain("ok");
    expect(await option(page, "south").textContent()).toContain("warming 10/50");
    await option(page, "north").click();
    await vi.waitFor(async () => expect(await pixels(page)).toHaveLength(3), soon);

    const before = await pixels(page);
    await server.append("north", 120, [151, 152, 153]);
    await vi.waitFor(async () => {
      const after = await pixels(page);
      for (const [i, chart] of after.entries()) expect(chart).not.toBe(before[i]);
    }, soon);

    await server.append("north", 123, [250, 251, 252]);
    await alertsOf(page).getByText("temperature > 200").waitFor();
    await vi.waitFor(async () => {
      expect(await page.locator("#news").textContent()).toMatch(/New .* alert: north: /);
      expect(await option(page, "north").textContent()).toContain("critical");
    }, soon);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${server.origin}/`))).toEqual([]);
  });

  it("can be used with the keyboard alone", async () => {
    const server = await startOvens();
    const { page } = await visit(browser, server.origin);
    await option(page, "south").waitFor();
    const focused = () =>
      page.evaluate("document.activeElement.textContent || document.activeElement.placeholder");
    const seen: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press("Tab");
      seen.push(await focused());
    }
    expect(seen).toEqual([
      "Skip to the sensor",
      "API",
      expect.stringContaining("ovens"),
      "Filter sensors",
      expect.stringContaining("south"), // it warms up, so it sorts first and is selected
    ]);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toContain("north");
    await page.getByRole("heading", { name: "north" }).waitFor();
    await page.keyboard.press("End");
    await page.getByRole("heading", { name: "south" }).waitFor();
    expect(page.url()).toContain("#/ovens/south");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.type")).toBe("checkbox");
    await vi.waitFor(async () => expect(await pixels(page)).toHaveLength(3), soon);
    await page.keyboard.press("Space");
    await vi.waitFor(async () => expect(await pixels(page)).toHaveLength(2), soon);
  });

  it("has enough contrast in light and in dark, and fits a phone", async () => {
    const server = await startOvens();
    await server.append("north", 120, [250, 251, 252]);
    for (const colorScheme of ["light", "dark"] as const) {
      const viewport = { width: 360, height: 740 };
      const { page } = await visit(browser, server.origin, { colorScheme, viewport });
      await alertsOf(page).getByText("temperature > 200").waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      const contrasts = (await page.evaluate(CONTRASTS)) as Record<string, number>;
      expect(Object.keys(contrasts).length).toBeGreaterThan(10);
      for (const [text, contrast] of Object.entries(contrasts)) {
        expect(contrast, `${colorScheme}: ${text}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("escapes names that look like markup", async () => {
    const server = await startOvens();
    const name = `<img src=x onerror="document.title='owned'">`;
    await server.append(name, 0, [150, 250, 251]);
    const { page, complaints } = await visit(browser, server.origin);
    await page.getByRole("heading", { name }).waitFor();
    await alertsOf(page).getByText("temperature > 200").waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe("iotmon");
    expect(complaints).toEqual([]);
  });

  it("reconnects after a server outage", async () => {
    const folder = await tempFolder();
    const state = ["--state", join(folder, "state")];
    const first = await startOvens(...state);
    const { page } = await visit(browser, first.origin);
    await page.getByText("Live", { exact: true }).waitFor();
    first.served.child.kill("SIGTERM");
    await page.getByText("is unreachable").waitFor();
    await first.served.ended;
    const again = new Server(await serveIn(folder, ...state, "--port", String(first.served.port)));
    await page.getByText("Live", { exact: true }).waitFor();
    await again.append("north", 120, [250, 251, 252]);
    await alertsOf(page).getByText("temperature > 200").waitFor();
  });

  it("asks for a required token, and keeps it in its tab", async () => {
    const folder = await tempFolder();
    const { token, line } = newToken("read");
    await writeFile(join(folder, "tokens"), `${line}\n`);
    const server = new Server(await serveIn(folder, "--token-file", "tokens"));
    const { page } = await visit(browser, server.origin);
    const field = page.getByLabel("Token", { exact: true });
    await field.fill("wrong");
    await field.press("Enter");
    await page.getByText("does not know this token").waitFor();
    await field.fill(token);
    await field.press("Enter");
    await page.getByText("No buffer or pipeline yet").waitFor();
    await page.reload();
    await page.getByText("No buffer or pipeline yet").waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate("localStorage.length")).toBe(0);
    await page.getByRole("button", { name: "Forget token" }).click();
    await field.waitFor();
  });

  it("lists 200 sensors and stays fast", async () => {
    const server = await startOvens();
    const rows = Array.from({ length: 200 }, (_, i) => {
      return { sensor_id: `oven-${i}`, temperature: 150, load: 1 };
    });
    await server.send("POST", `${BUFFERS}/ovens/append`, { rows });
    const { page } = await visit(browser, server.origin);
    await page.getByText("202 sensors", { exact: true }).waitFor();
    await option(page, "oven-0").first().click();
    const workMs = await workOf(page);
    for (let i = 0; i < 50; i++) await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "oven-50" }).waitFor();
    expect(await workMs()).toBeLessThan(5000);
    await page.getByRole("searchbox").fill("oven-19");
    await page.getByText("11 of 202 sensors").waitFor();
    expect(await page.getByRole("option").count()).toBe(11);
  });

  it("shows the documentation of the API without requests to other servers", async () => {
    const server = await Server.start();
    const { page, complaints, requests } = await visit(browser, `${server.origin}/docs`);
    await page.getByRole("heading", { name: "iotmon API" }).waitFor();
    await page.getByRole("link", { name: `POST ${BUFFERS}/{name}/append` }).click();
    expect(page.url()).toContain("#post-v1-ml-polars-buffers-name-append");
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${server.origin}/`))).toEqual([]);
  });
});

/** Contrast of each text with its background, by the formula of WCAG; runs in the page. */
const CONTRASTS = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = parse(color).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (parse(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const parent = walker.currentNode.parentElement;
    if (text === "" || parent.tagName === "NOSCRIPT") continue;
    const [a, b] = [light(getComputedStyle(parent).color), light(behind(parent))].sort((x, y) => y - x);
    found[text] = (a + 0.05) / (b + 0.05);
  }
  return found;
})()`;
