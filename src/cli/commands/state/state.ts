import { readdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { IotmonError } from "../../../core/errors.ts";
import { readState } from "../../../durability/read-state.ts";
import { OUTBOX_LOG, readDeliveryLog } from "../../../io/outbox/log/delivery-log.ts";
import { DamageHistory } from "../../../state/files/damage-history.ts";
import { readSegmentFolder } from "../../../state/segment/segment-reader.ts";
import { requireStateDirectory, StateDirectory } from "../../../state/state-directory.ts";
import type { Damage } from "../../../state/state-error.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { findState } from "../../pipelines/find-state.ts";
import { createChalk } from "../../render/color.ts";
import type { StateInfoOptions, StateResetOptions } from "./options.ts";
import { renderState, type StateFacts, stateToJson } from "./state-info.ts";

/** `iotmon state info`: shows the contents of a state directory. @returns The exit code. */
export async function runStateInfo(
  options: StateInfoOptions,
  context: CliContext,
): Promise<number> {
  const { stdout, stderr, env, cwd } = context;
  const path = await findState(options, context);
  const folder = resolve(cwd, path);
  await requireStateDirectory(folder);
  const facts = await readFacts(folder, (text) => {
    if (!options.quiet) stderr.write(`damaged: ${text}\n`);
  });
  const text =
    options.format === "json"
      ? `${JSON.stringify(stateToJson(path, facts), null, 2)}\n`
      : renderState(path, facts, createChalk(stdout, env, options.color));
  stdout.write(text);
  return EXIT.ok;
}

async function readFacts(folder: string, report: (text: string) => void): Promise<StateFacts> {
  const machine = await readState(folder, report);
  const ofOutbox: Damage[] = [];
  const log = readSegmentFolder(join(folder, OUTBOX_LOG), (damage) => ofOutbox.push(damage));
  const { pendingCount: pending, dead } = await readDeliveryLog(log);
  const history = new DamageHistory(folder);
  const fresh = ofOutbox.filter((damage) => !history.has(damage));
  for (const { at, message } of fresh) report(`${at}: ${message}`);
  const found = fresh.map((damage) => ({ ...damage, foundMs: Date.now() }));
  return {
    ...{ machine, pending, dead: dead.size },
    bytes: await bytesOf(folder),
    damages: [...history.all, ...found],
  };
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(
    async ({ parentPath, name }) => (await stat(join(parentPath, name))).size,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** `iotmon state reset`: deletes a state directory. @returns The exit code. */
export async function runStateReset(
  options: StateResetOptions,
  context: CliContext,
): Promise<number> {
  const path = await findState(options, context);
  const folder = resolve(context.cwd, path);
  await requireStateDirectory(folder);
  if (!options.yes) {
    throw new IotmonError("ERR_USAGE", "this would delete everything learned", {
      at: path,
      hint: "Add --yes to confirm; `iotmon state info` shows the contents",
    });
  }
  const state = await StateDirectory.open(folder, () => {}, "inspect");
  await state.close();
  await rm(folder, { recursive: true, force: true });
  if (!options.quiet) context.stderr.write(`deleted ${path}\n`);
  return EXIT.ok;
}
