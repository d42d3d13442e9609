import { expect, it, onTestFinished, vi } from "vitest";
import { Heartbeat, type HeartbeatSettings } from "../../src/io/heartbeat.ts";
import { ChaosReceiver } from "../support/chaos-receiver.ts";

const EVERY_MS = 20;

/** A heartbeat whose surroundings the test changes. */
async function start(settings: Partial<HeartbeatSettings> = {}) {
  const world = { problem: null as string | null, now: 0, lastReading: 0, status: 200 };
  const receiver = await ChaosReceiver.start(() => ({ status: world.status }));
  const said: string[] = [];
  const heartbeat = new Heartbeat({
    settings: {
      url: `${receiver.origin}/ping/1`,
      everyMs: EVERY_MS,
      maxSilenceMs: 1000,
      ...settings,
    },
    context: { version: "1.2.3", allowPrivate: true, now: Date.now },
    lastReading: () => world.lastReading,
    steady: () => world.now,
    problem: () => world.problem,
    report: (level, text) => said.push(`${level} ${text}`),
  });
  onTestFinished(() => heartbeat.close());
  heartbeat.start();
  const calls = (): number => receiver.received.length;
  /** Waits for further calls. */
  const more = async (): Promise<void> => {
    const before = calls();
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(before + 1));
  };
  /** Waits for a report, and lets a call that has begun end. */
  const reports = async (text: string): Promise<void> => {
    await vi.waitFor(() => expect(said.at(-1)).toBe(text));
  };
  return { world, receiver, said, heartbeat, calls, more, reports };
}

it("Heartbeat calls its address with GET again and again, until it is closed", async () => {
  const { receiver, heartbeat, calls, more, said } = await start();
  await more();
  expect(receiver.received[0]).toMatchObject({ path: "/ping/1", body: "" });
  expect(receiver.received[0]?.headers["user-agent"]).toBe("iotmon/1.2.3");
  await heartbeat.close();
  const after = calls();
  await new Promise((resolve) => setTimeout(resolve, 5 * EVERY_MS));
  expect(calls()).toBe(after);
  expect(said).toEqual([]);
});

it("Heartbeat pauses while something is not well, and says so once", async () => {
  const { world, calls, more, said, reports } = await start();
  await more();
  world.problem = "the sink hook is disabled: answered 410";
  await reports("warn the heartbeat pauses: the sink hook is disabled: answered 410");
  const during = calls();
  await new Promise((resolve) => setTimeout(resolve, 5 * EVERY_MS));
  expect(calls()).toBe(during);
  world.problem = null;
  await more();
  await reports("info the heartbeat continues");
  expect(said).toHaveLength(2);
});

it("Heartbeat pauses when readings are missing, unless silence is expected", async () => {
  const { world, more, reports } = await start();
  await more();
  world.now = 1001;
  await reports("warn the heartbeat pauses: no reading for more than 1s");
  world.lastReading = 500;
  await reports("info the heartbeat continues");
  const quiet = await start({ maxSilenceMs: null });
  quiet.world.now = 1e9;
  await quiet.more();
  expect(quiet.said).toEqual([]);
});

it("Heartbeat repeats a failed call, and reports without the secret path", async () => {
  const { world, more, said, reports } = await start();
  world.status = 500;
  await reports("warn the heartbeat fails: answered 500 Internal Server Error");
  world.status = 200;
  await more();
  await reports("info the heartbeat continues");
  expect(said).toHaveLength(2);
});
