import { resolve } from "node:path";
import { IotmonError } from "../../../core/errors.ts";
import {
  changeDeadLetters,
  type DeadLetter,
  listDeadLetters,
} from "../../../io/outbox/dead-letters.ts";
import type { Damage } from "../../../state/damage.ts";
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
  const list = await listDeadLetters(resolve(context.cwd, path), teller(options, context));
  const letters = list.letters.filter((letter) => fits(letter, options.sink));
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
      `the sink ${sink} is switched off: ${reason}; redriving a letter switches it on\n`,
    );
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
  const { letters } = await listDeadLetters(resolve(context.cwd, path), teller(options, context));
  const meant = select(letters, [id], options.sink, path);
  const text =
    options.format === "json"
      ? JSON.stringify(meant.map(letterToJson), null, 2)
      : meant.map(letterDetails).join("\n\n");
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
    const message = `which dead letters shall ${change} take?`;
    const hint = "Name ids, or add --sink NAME for all of one sink, or --all";
    throw new IotmonError("ERR_USAGE", message, { hint });
  }
  if (ids.length > 0 && options.all) {
    throw new IotmonError("ERR_USAGE", "ids and --all are given, one is enough");
  }
  const path = await findState(options, context);
  const folder = resolve(context.cwd, path);
  const { letters } = await listDeadLetters(folder, () => {});
  const meant = new Set(select(letters, ids, options.sink, path).map(keyOf));
  const tell = teller(options, context);
  const isMeant = (letter: DeadLetter): boolean => meant.has(keyOf(letter));
  const changed = await changeDeadLetters(folder, change, isMeant, tell);
  if (!options.quiet) context.stderr.write(`${outcome(change, changed.length)}\n`);
  return EXIT.ok;
}

function outcome(change: "redrive" | "purge", count: number): string {
  const letters = plural(count, "dead letter");
  if (change === "purge") return `${letters} deleted`;
  return `${letters} back in the queue; sent when the pipeline runs next`;
}

/** Letters with these ids, or ids that begin so; all when there are no ids. */
function select(
  letters: readonly DeadLetter[],
  ids: readonly string[],
  sink: string | undefined,
  path: string,
): DeadLetter[] {
  const own = letters.filter((letter) => fits(letter, sink));
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

function fits(letter: DeadLetter, sink: string | undefined): boolean {
  return sink === undefined || letter.sink === sink;
}

function keyOf({ sink, body }: DeadLetter): string {
  return `${sink}\n${body.id}`;
}

function teller({ quiet }: GlobalOptions, { stderr }: CliContext): (damage: Damage) => void {
  return ({ at, message }) => {
    if (!quiet) stderr.write(`damaged: ${at}: ${message}\n`);
  };
}
