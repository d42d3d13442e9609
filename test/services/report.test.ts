import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { recording } from "../support/recording.ts";
import { folderWith, runCli } from "../support/run-cli.ts";
import { requireChromium, startBrowser, visit } from "./start-browser.ts";

const EVIL = `<img src=x onerror="document.title='owned'">`;
const soon = { timeout: 50_000, interval: 100 };

/** The time range of the charts, as the page shows it. */
const range = (page: Page) => page.locator("#sensor [role=status]").textContent();

/** The pixels of each chart. */
function pixels(page: Page): Promise<string[]> {
  return page.locator(".plots canvas").evaluateAll((all) => {
    return all.map((one) => (one as unknown as { toDataURL(): string }).toDataURL());
  });
}

describe.skipIf(process.env["SKIP_SERVICES"] === "1")("a report in a browser", () => {
  let browser: Browser;
  let address = "";
  beforeAll(async () => {
    requireChromium();
    browser = await startBrowser();
    const text = recording({ rows: 4000, labelled: true, jumps: [900, 1500, 2500] });
    const folder = await folderWith({
      "a.csv": text.replaceAll("pump-1", `"${EVIL.replaceAll('"', '""')}"`),
    });
    const { code } = await runCli(["replay", "a.csv", "-q", "--report", "r.html"], { cwd: folder });
    expect(code).toBe(0);
    address = pathToFileURL(join(folder, "r.html")).href;
  });
  afterAll(() => browser?.close());

  it("opens from the disk without requests, and escapes names that look like markup", async () => {
    const { page, complaints, requests } = await visit(browser, address);
    await page.getByRole("button", { name: EVIL }).first().click();
    await page.getByRole("heading", { name: EVIL }).waitFor();
    await vi.waitFor(async () => expect(await pixels(page)).toHaveLength(3), soon);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe("Backtest of a");
    expect(complaints).toEqual([]);
    expect(requests).toEqual([address]);
  });

  it("shows the alerts a week of a detector beside its budget", async () => {
    const { page } = await visit(browser, address);
    const row = page.getByRole("row", { name: /^anomaly ecod/ });
    expect(await row.getByRole("cell").allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\d+\/week$|^\d+(\.\d+)?\/(day|hour)$/)]),
    );
    expect(await page.getByRole("columnheader", { name: "Alerts a week" }).count()).toBe(1);
  });

  it("zooms all charts together, by mouse, button and from an alert", async () => {
    const { page, complaints } = await visit(browser, address);
    await vi.waitFor(async () => expect(await pixels(page)).toHaveLength(3), soon);
    const [whole, before] = [await range(page), await pixels(page)];
    await page.evaluate("document.querySelector('.u-over').scrollIntoView({ block: 'center' })");
    const box = await page.locator(".u-over").first().boundingBox();
    const { x, y, width } = box ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + width / 4, y + 40);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + 40, { steps: 5 });
    await page.mouse.up();
    await vi.waitFor(async () => {
      expect(await range(page)).not.toBe(whole);
      for (const [i, chart] of (await pixels(page)).entries()) expect(chart).not.toBe(before[i]);
    }, soon);
    await page.getByRole("button", { name: "Everything" }).click();
    expect(await range(page)).toBe(whole);
    await page
      .getByRole("button", { name: /^Show 2024/ })
      .first()
      .click();
    await vi.waitFor(async () => expect(await range(page)).not.toBe(whole), soon);
    expect(complaints).toEqual([]);
  });

  it("can be used with the keyboard alone", async () => {
    const { page } = await visit(browser, address);
    await vi.waitFor(async () => expect(await pixels(page)).toHaveLength(3), soon);
    const whole = await range(page);
    const readouts = () => page.locator("figcaption").allTextContents();
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate("document.activeElement.className === 'plots'")) break;
    }
    expect(await page.evaluate("document.activeElement.className")).toBe("plots");
    const newest = await readouts();
    await page.keyboard.press("ArrowRight");
    const read = await readouts();
    expect(read).not.toEqual(newest);
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await readouts()).not.toEqual(read);
    await page.keyboard.press("+");
    const near = await range(page);
    expect(near).not.toBe(whole);
    await page.keyboard.press("PageDown");
    expect(await range(page)).not.toBe(near);
    await page.keyboard.press("0");
    expect(await range(page)).toBe(whole);
  });

  it("filters and sorts alerts", async () => {
    const { page } = await visit(browser, address);
    const rows = page.locator("#alerts tbody tr");
    const all = await rows.count();
    await page.getByRole("searchbox").fill("pump-2");
    expect(await rows.count()).toBeLessThan(all);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "Peak" }).click();
    const peaks = (await page.locator("#alerts td.number").allTextContents()).map(Number);
    expect(peaks).toEqual(peaks.toSorted((a, b) => b - a));
    expect(await page.locator("th[aria-sort=descending]").textContent()).toBe("Peak");
  });

  it("is light or dark as the system or its switch, and fits a phone", async () => {
    const viewport = { width: 360, height: 740 };
    const { page } = await visit(browser, address, { colorScheme: "dark", viewport });
    const back = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await back();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    await vi.waitFor(async () => expect(await pixels(page)).toHaveLength(3), soon);
    const before = await pixels(page);
    await page.getByRole("button", { name: "Theme: as the system" }).click();
    expect(await back()).not.toBe(dark);
    for (const [i, chart] of (await pixels(page)).entries()) expect(chart).not.toBe(before[i]);
    await page.getByRole("button", { name: "Theme: light" }).click();
    expect(await back()).toBe(dark);
  });
});
