import { spawnSync } from "node:child_process";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

const BINARY = "chromium";

/** @throws {Error} If Chromium is not installed, with the command to install it. */
export function requireChromium(): void {
  const { error } = spawnSync(BINARY, ["--version"]);
  if (error === undefined) return;
  throw new Error(
    `${BINARY} is not installed: apt-get install --no-install-recommends ${BINARY}. ` +
      "To leave these tests out, run them with SKIP_SERVICES=1",
    { cause: error },
  );
}

/** Starts a browser without a window. */
export async function startBrowser(): Promise<Browser> {
  const { stdout } = spawnSync("which", [BINARY], { encoding: "utf8" });
  return chromium.launch({
    executablePath: stdout.trim(),
    // its sandbox does not start as root, as in a container
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** A page with its errors and requests. */
export interface Visit {
  readonly page: Page;
  /** Errors and warnings of its console, and exceptions. */
  readonly complaints: readonly string[];
  /** Addresses of its requests. */
  readonly requests: readonly string[];
}

/** Opens an address in a new tab; the end of the test closes it. */
export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`${message.text()} ${message.location().url}`);
    }
  });
  page.on("pageerror", ({ message }) => void complaints.push(message));
  page.on("request", (request) => void requests.push(request.url()));
  await page.goto(address);
  return { page, complaints, requests };
}
