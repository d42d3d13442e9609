import { type ChildProcess, type IOType, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { atEnd } from "./at-end.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Loaded into the program: its channel to the benchmark closes also when the benchmark is killed. */
const WITH_PARENT = `data:text/javascript,${encodeURIComponent(`
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel?.unref(); // a worker thread has none`)}`;

/** Runs node in the root of the project. It ends with the benchmark at the latest. */
export function spawnNode(
  args: readonly string[],
  stdio: readonly (IOType | null)[],
): ChildProcess {
  const child = spawn(process.execPath, ["--import", WITH_PARENT, ...args], {
    cwd: ROOT,
    stdio: [...stdio, "ipc"],
  });
  atEnd(() => void child.kill("SIGKILL")); // before its folder is deleted
  return child;
}
