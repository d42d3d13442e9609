import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { pipelineOf } from "../../src/config/parse.ts";
import { withoutSealed } from "../../src/config/sinks/lost-secrets.ts";
import { DurableStore } from "../../src/durability/durable-store.ts";
import { DeliveryLog, OUTBOX_LOG } from "../../src/io/outbox/log/delivery-log.ts";
import { SecretKeys } from "../../src/state/secrets/secret-keys.ts";
import type { Damage } from "../../src/state/state-error.ts";
import { message } from "../io/outbox/support.ts";
import { damageFile, filesOf } from "../support/file-damage.ts";
import { Random } from "../support/random.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { copyOf, everything, randomCommand } from "./support.ts";

/** Damaged starts; more when asked for. */
const ROUNDS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 40);
const STEPS = 150;
const SINKS = ["mail", "log"] as const;
/** Small segments, so that the logs have several. */
const SEGMENT_BYTES = 32 * 1024;

/** What a start finds. */
interface Found {
  readonly machine: unknown;
  /** Of pipelines, with secrets. */
  readonly documents: readonly unknown[];
  /** Sorted: message, sink, and what became of it. */
  readonly messages: readonly string[];
  /** New ones. */
  readonly damages: readonly Damage[];
}

async function openAll(path: string) {
  const store = await DurableStore.open(path, {
    durability: "always",
    keys: new SecretKeys(join(path, "secrets.key"), () => {}),
    sliceMs: 0,
    report: () => {},
  });
  const log = await store.directory.openLog(OUTBOX_LOG, { segmentBytes: SEGMENT_BYTES });
  return { store, deliveries: await DeliveryLog.open(log) };
}

async function start(path: string): Promise<Found> {
  const { store, deliveries } = await openAll(path);
  const { messages, finished } = deliveries.state;
  const open = [...messages.values()].flatMap((one) =>
    [...one.deliveries.values()].map(
      ({ sink, attempts, dead }) => `${one.id} ${sink} ${dead?.reason ?? "pending"} ${attempts}`,
    ),
  );
  everything(store.machine); // its scores link detectors to buffers, which the next start keeps
  const found = {
    machine: everything(store.machine),
    messages: [
      ...open,
      ...finished.of(() => true).map(([, sink, id]) => `${id} ${sink} done`),
    ].sort(),
    documents: store.machine.pipelines().map((name) => store.machine.pipeline(name).document),
    damages: [...store.directory.newDamages],
  };
  await deliveries.close();
  await store.close();
  return found;
}

/** Adds a message that some sinks take, some refuse and some have not answered yet. */
function send(deliveries: DeliveryLog, step: number, random: Random): void {
  for (const delivery of deliveries.add(message(`m${step}`, { size: 100 }), SINKS, step)) {
    const roll = random.uniform();
    if (roll < 0.2) continue;
    if (roll < 0.5) deliveries.failed(delivery, step, "busy");
    if (roll < 0.7) deliveries.deadLetter(delivery, "refused", step);
    else deliveries.finish(delivery);
  }
}

/** Number of secrets that a start has lost, and reports. */
function lostSecrets({ documents }: Found): number {
  const lost = documents.flatMap((document) => [...withoutSealed(document).lost.values()].flat());
  return lost.length;
}

async function putPipeline(store: DurableStore): Promise<void> {
  const document = {
    version: 1,
    buffer: { schema: { timestamp: "datetime", x: "float" } },
    detectors: [{ name: "hot", algorithm: "threshold", when: "x > 1" }],
    sinks: [{ type: "slack", url: "https://hooks.example.org/secret" }],
  };
  const name = "greenhouse";
  const { config } = pipelineOf(document, { label: name, name, variables: {}, origin: "http" });
  const command = { name, config: { ...config, sinks: [] }, document };
  await store.execute({ kind: "put_pipeline", ...command });
}

/** A state directory with everything in it. @returns Its path, and a copy as a kill would have left it. */
async function makeState(): Promise<{ readonly stopped: string; readonly killed: string }> {
  const random = new Random(18);
  const stopped = join(await tempFolder(), "state");
  const { store, deliveries } = await openAll(stopped);
  await putPipeline(store);
  for (let step = 0; step < STEPS; step++) {
    const command = randomCommand(random, step);
    await store.execute(command).catch(() => {}); // some are refused
    if (step % 40 === 39) await store.checkpoint();
    send(deliveries, step, random);
    await deliveries.sync();
  }
  await writeFile(join(stopped, "reserve"), "kept free");
  const killed = await copyOf(stopped);
  await deliveries.close();
  await store.close();
  return { stopped, killed };
}

/** Damages one file of a copy. @returns What is wrong with the starts after it; null: nothing. */
async function faultAfter(
  whole: string,
  expected: Found,
  file: string,
  random: Random,
): Promise<string | null> {
  const path = await copyOf(whole);
  const name = await damageFile(join(path, file), random);
  try {
    const found = await start(path);
    const lost = found.damages.reduce((sum, { records }) => sum + records, lostSecrets(found));
    if (lost === 0 && !isSame(found, expected)) return `${file}, ${name}: a silent loss`;
    // it is told once, and nothing else is lost later
    const again = await start(path);
    const [more] = again.damages;
    if (more !== undefined) return `${file}, ${name}: told later: ${more.at}: ${more.message}`;
    return isSame(again, found) ? null : `${file}, ${name}: another loss at the next start`;
  } catch (error) {
    return `${file}, ${name}: no start: ${(error as Error).stack}`;
  } finally {
    await rm(dirname(path), { recursive: true, force: true });
  }
}

const isSame = (a: Found, b: Found): boolean =>
  JSON.stringify({ ...a, damages: [] }) === JSON.stringify({ ...b, damages: [] });

it.each(["stopped", "killed"] as const)(
  `a %s state directory starts after random damage to any of its files, and reports every loss with a number (${ROUNDS} rounds)`,
  async (kind) => {
    const whole = (await makeState())[kind];
    const files = await filesOf(whole);
    const expected = await start(await copyOf(whole));
    expect(expected.damages).toEqual([]);
    expect(expected.messages).toHaveLength(SINKS.length * STEPS);
    const faults: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const file = files[round % files.length] as string;
      const fault = await faultAfter(whole, expected, file, new Random(1000 + round));
      if (fault !== null) faults.push(`round ${round}: ${fault}`);
    }
    expect(faults).toEqual([]);
  },
  60_000 + ROUNDS * 2000,
);
