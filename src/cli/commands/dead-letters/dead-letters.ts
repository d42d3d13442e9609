import { resolve } from "node:path";
import { IotmonError } from "../../../core/errors.ts";
import {
  changeDeadLetters,
  type DeadLetter,
  listDeadLetters,
} from "../../../io/outbox/dead-letters.ts";
import type { Damage } from "../../../state/state-error.ts";
import type { CliContext, GlobalOptions } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { findState } from "../../pipelines/find-state.ts";
import { createChalk } from "../../render/color.ts";
import { plural } from "../../render/format.ts";
import { widthOf } from "../../render/stream.ts";
import { letterDetails, letterTable, letterToJson } from "./letter-table.ts";
import type { DeadLetterChangeOptions, DeadLetterShowOptions } from "./options.ts";

/** `iotmon dead-letters list`. @returns The exit code. */
export async function runList(
  options: DeadLetterShowOptions,
  context: CliContext,
): Promise<number> {
  const { stdout, stderr, env } = context;
  const path = await findState(options, context);
  const list = await listDeadLetters(resolve(context.cwd, path), damageReporter(options, context));
  const letters = list.letters.filter((letter) => isFrom(letter, options.sink));
  if (options.format === "json") {
    stdout.write(`${JSON.stringify(letters.map(letterToJson), null, 2)}\n`);
    return EXIT.ok;
  }
  if (letters.length > 0) {
    const color = createChalk(stdout, env, options.color);
    stdout.write(letterTable(letters, color, widthOf(stdout)));
  }
  if (options.quiet) return EXIT.ok;
  for (const [sink, reason] of list.off) {
    stderr.write(
      `the sink ${sink} is switched off: ${reason}; redriving a dead letter switches it on\n`,
    );
  }
  for (const [sink, count] of list.dropped) {
    if (isFrom({ sink }, options.sink)) {
      stderr.write(
        `${plural(count, "older dead letter")} of the sink ${sink} exceeded the limit and ${count === 1 ? "is" : "are"} deleted\n`,
      );
    }
  }
  if (letters.length === 0) stderr.write(`no dead letters in ${path}\n`);
  return EXIT.ok;
}

/** `iotmon dead-letters show`. @returns The exit code. */
export async function runShow(
  id: string,
  options: DeadLetterShowOptions,
  context: CliContext,
): Promise<number> {
  const path = await findState(options, context);
  const folder = resolve(context.cwd, path);
  const { letters } = await listDeadLetters(folder, damageReporter(options, context));
  const selected = select(letters, [id], options.sink, path);
  const text =
    options.format === "json"
      ? JSON.stringify(selected.map(letterToJson), null, 2)
      : selected.map(letterDetails).join("\n\n");
  context.stdout.write(`${text}\n`);
  return EXIT.ok;
}

/** `iotmon dead-letters redrive` and `purge`. @returns The exit code. */
export async function runChange(
  change: "redrive" | "purge",
  ids: readonly string[],
  options: DeadLetterChangeOptions,
  context: CliContext,
): Promise<number> {
  if (ids.length === 0 && !options.all && options.sink === undefined) {
    const message = `no dead letter to ${change}`;
    const hint = "Name ids, or add --sink NAME for those of one sink, or --all";
    throw new IotmonError("ERR_USAGE", message, { hint });
  }
  if (ids.length > 0 && options.all) {
    throw new IotmonError("ERR_USAGE", "ids and --all exclude each other");
  }
  const path = await findState(options, context);
  const folder = resolve(context.cwd, path);
  const { letters } = await listDeadLetters(folder, () => {});
  const selected = new Set(select(letters, ids, options.sink, path).map(keyOf));
  const changed = await changeDeadLetters(
    folder,
    change,
    (letter) => selected.has(keyOf(letter)),
    damageReporter(options, context),
    ({ chosen, fitting }) => {
      if (options.quiet) return;
      context.stderr.write(
        `the queue has room for ${fitting} of ${plural(chosen, "dead letter")}: the oldest go back into ` +
          "the queue, the others stay; redrive them when these are delivered\n",
      );
    },
  );
  if (options.quiet) return EXIT.ok;
  const outcome =
    change === "purge" ? "deleted" : "back in the queue; sent when the pipeline runs next";
  context.stderr.write(`${plural(changed.length, "dead letter")} ${outcome}\n`);
  return EXIT.ok;
}

/** Selects letters by ids or their beginnings; without ids, all. */
function select(
  letters: readonly DeadLetter[],
  ids: readonly string[],
  sink: string | undefined,
  path: string,
): DeadLetter[] {
  const own = letters.filter((letter) => isFrom(letter, sink));
  if (ids.length === 0) return own;
  return ids.flatMap((id) => {
    const found = own.filter(({ body }) => body.id.startsWith(id));
    const different = new Set(found.map(({ body }) => body.id)).size;
    if (different === 1 && id !== "") return found;
    const message =
      different === 0
        ? `no dead letter has the id ${id}`
        : `several dead letters begin with "${id}"`;
    const hint = `\`iotmon dead-letters list --state ${path}\` lists them`;
    throw new IotmonError("ERR_USAGE", message, { at: path, hint });
  });
}

function isFrom(letter: Pick<DeadLetter, "sink">, sink: string | undefined): boolean {
  return sink === undefined || letter.sink === sink;
}

function keyOf({ sink, body }: DeadLetter): string {
  return `${sink}\n${body.id}`;
}

function damageReporter(
  { quiet }: GlobalOptions,
  { stderr }: CliContext,
): (damage: Damage) => void {
  return ({ at, message }) => {
    if (!quiet) stderr.write(`damaged: ${at}: ${message}\n`);
  };
}
