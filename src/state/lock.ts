import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { IotmonError } from "../core/errors.ts";
import { FOLDER_MODE } from "./files/private-files.ts";

/** The lock of a folder. */
export interface Lock {
  /** Releases the lock; the last call. */
  release(): Promise<void>;
}

/** `<process>.<random>`: each process that wants the lock listens on a socket of its own. */
const NAME = /^(\d+)\.[0-9a-f]{8}$/;
/** Time for a process to say whether it has the lock, ms; a busy machine is slow. One that says nothing has it. */
const ANSWER_MS = 5000;
const POLL_MS = 10;
/** Length of a socket's path that every system accepts, bytes. */
const LONGEST_PATH = 100;
/** What file systems without sockets (FAT) answer. */
const NO_SOCKETS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "EINVAL"]);

/** Errors of asking a process that no longer listens. */
const GONE = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "ENOTSOCK", "EPIPE"]);

type Answer = "locked" | "waiting" | "gone";

/**
 * Takes the lock of a folder: a listening socket in it. The system closes the socket at the end of the process,
 * so there are no stale locks.
 *
 * Two processes at once: each listens before it looks for others. One that sees a process with a smaller name
 * gives way; one that sees a waiting process with a larger name waits for its decision.
 *
 * @throws {IotmonError} `ERR_STATE` if a process, maybe this one, has the lock.
 */
export async function takeLock(folder: string): Promise<Lock> {
  if (process.platform === "win32") return takePipe(folder);
  try {
    return await takeSocket(folder, join(folder, "lock"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!NO_SOCKETS.has(code)) throw error;
    return takeSocket(folder, join(tmpdir(), `iotmon-${await idOf(folder)}`));
  }
}

/** @param place Folder of the sockets. */
async function takeSocket(folder: string, place: string): Promise<Lock> {
  await mkdir(place, { recursive: true, mode: FOLDER_MODE });
  const name = `${process.pid}.${randomBytes(4).toString("hex")}`;
  const short = await shortPath(place);
  const state = { isLocked: false };
  const server = await listen(join(short.path, name), () =>
    state.isLocked ? "locked" : "waiting",
  );
  const release = async (): Promise<void> => {
    await new Promise((resolve) => server.close(resolve));
    await rm(join(place, name), { force: true });
  };
  try {
    for (const other of await readdir(place)) {
      if (other === name) continue;
      const holder = await rivalOf(name, other, join(short.path, other));
      if (holder === "gone") await rm(join(place, other), { force: true });
      else if (holder !== "gave_way") throw inUse(folder, holder);
    }
    state.isLocked = true;
    return { release };
  } catch (error) {
    await release();
    throw error;
  } finally {
    await short.remove();
  }
}

/** Number of the process that has the lock or takes precedence; else what became of it. */
async function rivalOf(
  name: string,
  other: string,
  path: string,
): Promise<number | "gone" | "gave_way"> {
  const pid = Number(NAME.exec(other)?.[1] ?? Number.NaN);
  if (Number.isNaN(pid)) return "gone"; // a file of another kind of lock
  let answer = await ask(path);
  if (answer === "gone") return "gone";
  while (answer === "waiting" && other > name) {
    await sleep(POLL_MS);
    answer = await ask(path);
  }
  return answer === "gone" ? "gave_way" : pid;
}

/** Windows has named pipes, and one process can listen on a name. */
async function takePipe(folder: string): Promise<Lock> {
  const path = `\\\\.\\pipe\\iotmon-${await idOf(folder)}`;
  const server = await listen(path, () => "locked").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? inUse(folder, null) : error;
  });
  return {
    async release() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(path: string, answer: () => Answer): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {}); // nobody waits for the answer any longer
    socket.end(answer());
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}

function ask(path: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answered = (answer: Answer): void => {
      resolve(answer);
      socket.destroy();
    };
    // after a pause of this process, timers run before an answer is read: read first
    socket.setTimeout(ANSWER_MS, () => setImmediate(() => answered("locked")));
    socket.on("data", (bytes) => answered(bytes.toString() === "waiting" ? "waiting" : "locked"));
    // closed before it accepted the question: it is giving way or ending
    socket.on("close", () => answered("gone"));
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      answered(GONE.has(code) ? "gone" : "locked");
    });
  });
}

/** A path of a folder that leaves room for the name of a socket: itself, or a link to it. */
async function shortPath(
  place: string,
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const real = await realpath(place);
  if (Buffer.byteLength(real) + "/4194304.00000000".length <= LONGEST_PATH) {
    return { path: real, remove: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), "iotmon-"));
  const path = join(folder, "l");
  await symlink(real, path);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function idOf(folder: string): Promise<string> {
  return createHash("sha256")
    .update(await realpath(folder))
    .digest("hex")
    .slice(0, 16);
}

function inUse(folder: string, pid: number | null): IotmonError {
  const who = pid === null ? "another process" : `process ${pid}`;
  return new IotmonError("ERR_STATE", `the state directory is in use by ${who}`, {
    at: folder,
    hint: "Stop that process first, or name another directory for the state",
  });
}
