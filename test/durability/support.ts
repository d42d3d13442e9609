import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DurableStore } from "../../src/durability/durable-store.ts";
import type { StoreOptions } from "../../src/durability/store-options.ts";
import { CommandError } from "../../src/service/command-error.ts";
import type { Command } from "../../src/service/commands.ts";
import type { StateMachine } from "../../src/service/state-machine.ts";
import { copyState } from "../support/copy-state.ts";
import { detectorOf, featuresOf } from "../support/live-definitions.ts";
import { score } from "../support/machine-commands.ts";
import type { Random } from "../support/random.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A store, and what it has said but for news. */
export interface Opened {
  readonly store: DurableStore;
  readonly said: readonly string[];
}

/** Opens a state directory for a test, which closes it at the latest. */
export async function open(path: string, options: Partial<StoreOptions> = {}): Promise<Opened> {
  const said: string[] = [];
  const store = await DurableStore.open(path, {
    durability: "interval",
    sliceMs: 0,
    ...options,
    report: (level, message) => {
      if (level !== "info") said.push(message);
    },
  });
  let closed = false;
  const close = store.close.bind(store);
  store.close = async () => {
    if (!closed) await close();
    closed = true;
  };
  onTestFinished(() => store.close());
  return { store, said };
}

/** What a kill leaves: the files as they are now. */
export async function copyOf(path: string): Promise<string> {
  const copy = join(await tempFolder(), "state");
  await copyState(path, copy);
  return copy;
}

/** For each value that the newest checkpoint wrote: damages it. */
export async function newestValues(path: string): Promise<readonly (() => Promise<void>)[]> {
  const folder = join(path, "checkpoints");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".seg")).sort();
  const places: { file: string; at: number; attempt: number }[] = [];
  for (const name of files) {
    const file = join(folder, name);
    const text = await readFile(file, "latin1");
    for (const { index, 1: attempt } of text.matchAll(/"attempt":(\d+),"name"/g)) {
      places.push({ file, at: index, attempt: Number(attempt) });
    }
  }
  const last = places.at(-1)?.attempt;
  return places
    .filter(({ attempt }) => attempt === last)
    .map(({ file, at }) => async () => {
      const bytes = await readFile(file);
      bytes[at] = (bytes[at] as number) ^ 1;
      await writeFile(file, bytes);
    });
}

const BUFFERS = ["a", "b", "__proto__"] as const;
const SENSORS = ["s1", "s2", "s3"] as const;
const DETECTORS = ["d1", "d2"] as const;
const START = Date.UTC(2026, 0, 1);

function pick<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[Math.floor(values.length * random.uniform())] ?? values[0];
}

/** Commands as clients send them, some of which are refused. */
export function randomCommand(random: Random, step: number): Command {
  const name = pick(random, BUFFERS);
  const roll = random.uniform();
  if (step < 3 || roll < 0.05) {
    const more = random.uniform() < 0.3 ? { z: "float" } : {};
    const columns = { timestamp: "datetime", sensor_id: "str", x: "float", y: "float" };
    const definition = {
      name,
      schema: { ...columns, note: "str", ...more },
      maxRows: pick(random, [50, 400]),
    };
    return { kind: "create_buffer", definition, replace: random.uniform() < 0.3 };
  }
  if (roll < 0.08) return { kind: "delete_buffer", name };
  if (roll < 0.15) {
    const window = pick(random, [3, 5, 20]);
    const features = featuresOf([
      { name: "mean", column: "x", function: "mean", window },
      { name: `std_${window}`, column: "y", function: "std", window },
      ...(random.uniform() < 0.3
        ? [{ name: "z_mean", column: "z", function: "mean", window } as const]
        : []),
    ]);
    return { kind: "define_features", name, features };
  }
  const detector = pick(random, DETECTORS);
  if (roll < 0.22) {
    const features = pick<string[]>(random, [
      ["mean", "x_std_5"],
      ["x_mean_3"],
      ["y_max_10", "x"],
      ["z_mean", "mean"],
    ]);
    const definition = detectorOf({ name: detector, features, warmup_period: 20 });
    return { kind: "create_detector", definition, replace: random.uniform() < 0.3 };
  }
  if (roll < 0.24) return { kind: "delete_detector", name: detector };
  if (roll < 0.45) {
    const features = { mean: random.normal(), x_mean_3: random.normal(), x: 1, nothing: null };
    const sensorId = random.uniform() < 0.5 ? pick(random, SENSORS) : undefined;
    return {
      kind: "score",
      name: detector,
      features,
      sensorId,
      learn: random.uniform() < 0.7,
    };
  }
  const rows = Array.from({ length: 1 + Math.floor(30 * random.uniform()) }, (_, i) => ({
    timestamp: START + step * 60_000 + i * 1000,
    sensor_id: pick(random, SENSORS),
    x: random.uniform() < 0.05 ? null : random.normal(),
    y: 10 * random.normal(),
    note: pick(random, ["", "ok", "\u{1f321}"]),
  }));
  return { kind: "append", name, rows, arrivalMs: START, strict: false };
}

/** The answer to a command, a refusal included, for comparison. */
export function answerOf(answer: () => unknown): unknown {
  try {
    return plain(answer());
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return error.message;
  }
}

/** All that can be asked of the state machine. */
export function everything(machine: StateMachine): unknown {
  return plain({
    buffers: machine.buffers().map((state) => ({
      ...state,
      rows: machine.readings(state.name).frame().toRecords(),
      features: [undefined, ...SENSORS].map((sensor) => machine.features(state.name, sensor)),
    })),
    detectors: machine.detectors().map((state) => ({
      ...state,
      looks: [undefined, ...SENSORS].map((sensorId) =>
        [0, 3].map((mean) =>
          score(machine, state.name, {
            features: { mean, x_mean_3: mean, y_max_10: mean, x: mean, x_std_5: 1 },
            sensorId,
            learn: false,
          }),
        ),
      ),
      ofRows: machine.buffers().flatMap(({ name }) =>
        SENSORS.map((sensorId) => {
          const features = Object.fromEntries(machine.features(name, sensorId).features);
          return score(machine, state.name, { features, sensorId, learn: false });
        }),
      ),
    })),
  });
}

/** As JSON, with maps as lists of their entries. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, inner) => (inner instanceof Map ? [...inner] : inner)) ?? "null",
  );
}
