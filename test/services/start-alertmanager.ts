import { spawn, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";
import { freePort } from "./ports.ts";

const BINARY = "prometheus-alertmanager";
const STARTS_WITHIN_MS = 15_000;

/** An alert in the list of Alertmanager. */
interface ListedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** A real Alertmanager. */
interface RunningAlertmanager {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Alerts that are active now. */
  active(): Promise<readonly ListedAlert[]>;
}

/** @throws {Error} If Alertmanager is not installed, with the command to install it. */
export function requireAlertmanager(): void {
  const { error } = spawnSync(BINARY, ["--version"]);
  if (error === undefined) return;
  throw new Error(
    `${BINARY} is not installed: apt-get install --no-install-recommends ${BINARY}. ` +
      "To leave these tests out, run them with SKIP_SERVICES=1",
    { cause: error },
  );
}

/**
 * Starts one that notifies `receiver` within seconds; the end of the test stops it.
 *
 * @param receiver Address of a webhook.
 */
export async function startAlertmanager(receiver: string): Promise<RunningAlertmanager> {
  const folder = await tempFolder();
  const config = {
    // shorter than the tests: alerts must not depend on repeated messages
    global: { resolve_timeout: "2s" },
    route: { receiver: "test", group_by: ["..."], group_wait: "100ms", group_interval: "1s" },
    receivers: [{ name: "test", webhook_configs: [{ url: receiver, send_resolved: true }] }],
  };
  await writeFile(join(folder, "config.yml"), JSON.stringify(config));
  const origin = `http://127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${join(folder, "config.yml")}`,
    `--storage.path=${join(folder, "data")}`,
    `--web.listen-address=${origin.slice("http://".length)}`,
    "--cluster.listen-address=",
  ];
  const child = spawn(BINARY, args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const end = Date.now() + STARTS_WITHIN_MS;
  while (!(await isReady(origin))) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`It did not start:\n${log}`);
    await sleep(50);
  }
  const active = async (): Promise<readonly ListedAlert[]> => {
    const response = await fetch(`${origin}/api/v2/alerts?active=true`);
    return (await response.json()) as ListedAlert[];
  };
  return { origin, active };
}

async function isReady(origin: string): Promise<boolean> {
  const response = await fetch(`${origin}/-/ready`).catch(() => null);
  await response?.text();
  return response?.ok === true;
}
