import { type ChildProcess, type IOType, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { atEnd } from "./at-end.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Loaded into the program: the channel to the benchmark closes also when that is killed. */
const WITH_PARENT = `data:text/javascript,${encodeURIComponent(`
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel?.unref(); // a worker thread has none`)}`;

/** Runs node in the root of the project. It ends with the benchmark at the latest, however that ends. */
export function spawnNode(
  args: readonly string[],
  stdio: readonly (IOType | null)[],
): ChildProcess {
  const child = spawn(process.execPath, ["--import", WITH_PARENT, ...args], {
    cwd: ROOT,
    stdio: [...stdio, "ipc"],
  });
  atEnd(() => void child.kill("SIGKILL")); // before the folder is removed that it writes to
  return child;
}
