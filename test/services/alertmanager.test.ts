import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { AlertBody } from "../../src/io/messages/alert-schema.ts";
import { ChaosReceiver } from "../support/chaos-receiver.ts";
import { messageOf } from "../support/messages.ts";
import { openSink } from "../support/sink-setups.ts";
import { requireAlertmanager, startAlertmanager } from "./start-alertmanager.ts";

const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const soon = { timeout: 50_000, interval: 100 };

/** Alertmanager, the messages of its own receiver, and a sink that posts to it. */
async function setUp() {
  const receiver = await ChaosReceiver.start({ status: 200 });
  const alertmanager = await startAlertmanager(`${receiver.origin}/notified`);
  const sink = await openSink("alertmanager", { url: `${alertmanager.origin}/` });
  const send = async (changes: Partial<AlertBody>): Promise<void> => {
    const outcome = await sink.deliver(messageOf(changes), AbortSignal.timeout(60_000));
    expect(outcome).toEqual({ kind: "delivered", detail: "answered 200 OK" });
  };
  /** Its messages so far without repeats: `firing critical`. */
  const notifications = (): string[] => {
    const all = receiver.received.flatMap(({ body }) => {
      const { alerts } = JSON.parse(body) as {
        alerts: { status: string; labels: Record<string, string> }[];
      };
      return alerts.map(({ status, labels }) => `${status} ${labels["severity"]}`);
    });
    return [...new Set(all)].sort();
  };
  const severities = async (): Promise<(string | undefined)[]> =>
    (await alertmanager.active()).map(({ labels }) => labels["severity"]);
  return { alertmanager, send, notifications, severities };
}

describe.skipIf(process.env["SKIP_SERVICES"] === "1")("a real Alertmanager", () => {
  beforeAll(requireAlertmanager);

  // a current message, and one of an old recording
  it.each([
    ["now", 0],
    ["of 2014", Date.now() - Date.UTC(2014, 1, 8)],
  ])("shows an alert firing, then resolved: %s", async (_, ago) => {
    const { alertmanager, send, notifications, severities } = await setUp();
    const start = Date.now() - ago - 60_000;
    const times = { started_at: iso(start), timestamp: iso(start + 30_000) };
    await send({ ...times, status: "firing" });
    await vi.waitFor(() => expect(notifications()).toEqual(["firing critical"]), soon);
    const [alert] = await alertmanager.active();
    expect(alert).toMatchObject({
      labels: {
        alertname: "anomaly",
        pipeline: "pumps",
        sensor: "pump-1",
        severity: "critical",
        team: "facilities",
      },
      annotations: { summary: expect.stringContaining("value 2.08 low") },
      startsAt: iso(start),
    });
    expect(Date.parse(alert?.endsAt ?? "") - Date.now()).toBeGreaterThan(23 * HOUR);

    await sleep(3000); // longer than resolve_timeout
    expect(await severities()).toEqual(["critical"]);
    expect(notifications()).toEqual(["firing critical"]);

    const resolved_at = iso(start + 45_000);
    await send({ ...times, id: "m2", status: "resolved", timestamp: resolved_at, resolved_at });
    expect(await severities()).toEqual([]);
    await vi.waitFor(
      () => expect(notifications()).toEqual(["firing critical", "resolved critical"]),
      soon,
    );
  });

  it("shows one alert for an episode that gets worse, and none after its end", async () => {
    const { send, notifications, severities } = await setUp();
    const start = Date.now() - 60_000;
    const started_at = iso(start);
    await send({ severity: "warning", started_at, timestamp: iso(start) });
    await vi.waitFor(() => expect(notifications()).toEqual(["firing warning"]), soon);

    const worse = { status: "escalated", previous_severity: "warning" } as const;
    await send({ ...worse, id: "m2", started_at, timestamp: iso(start + 20_000) });
    expect(await severities()).toEqual(["critical"]);
    const both = ["firing critical", "firing warning", "resolved warning"];
    await vi.waitFor(() => expect(notifications()).toEqual(both), soon);

    await send({ id: "m3", status: "repeated", started_at, timestamp: iso(start + 30_000) });
    expect(await severities()).toEqual(["critical"]);

    const resolved_at = iso(start + 50_000);
    const end = { status: "resolved", timestamp: resolved_at, resolved_at } as const;
    await send({ ...end, id: "m4", started_at });
    expect(await severities()).toEqual([]);
    const all = [...both, "resolved critical"].sort();
    await vi.waitFor(() => expect(notifications()).toEqual(all), soon);
  });

  it("resolves an alert also when the sensor's clock is a day ahead", async () => {
    const { send, severities } = await setUp();
    const start = Date.now() + 24 * HOUR;
    const times = { started_at: iso(start), timestamp: iso(start) };
    await send(times);
    expect(await severities()).toEqual(["critical"]);
    const resolved_at = iso(start + 1000);
    await send({ ...times, id: "m2", status: "resolved", timestamp: resolved_at, resolved_at });
    await vi.waitFor(async () => expect(await severities()).toEqual([]), soon);
  });
});
