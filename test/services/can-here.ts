import { spawnSync } from "node:child_process";

/**
 * Whether a command works on this machine. If not, prints that its tests are skipped.
 *
 * @param what The tests that need it.
 */
export function canHere(what: string, command: string, args: readonly string[]): boolean {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return true;
  const why = error?.message ?? stderr.trim();
  process.stderr.write(`NOT TESTED HERE: ${what}; ${command} ${args.join(" ")} failed: ${why}\n`);
  return false;
}
