import { spawnSync } from "node:child_process";

/**
 * Whether a command works here. Where it does not, what needs it is left out, and that is said.
 *
 * @param what What can't be tested without it.
 */
export function canHere(what: string, command: string, args: readonly string[]): boolean {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return true;
  const why = error?.message ?? stderr.trim();
  process.stderr.write(`NOT TESTED HERE: ${what}; ${command} ${args.join(" ")} failed: ${why}\n`);
  return false;
}
