import { access, constants, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { IotmonError } from "../core/errors.ts";
import { CheckpointStore } from "./checkpoint-store.ts";
import { DamageHistory, type FoundDamage } from "./files/damage-history.ts";
import { FORMAT_FILE, type FoundFormat, readFormat, writeFormat } from "./files/format.ts";
import { FOLDER_MODE, makePrivate } from "./files/private-files.ts";
import { requireKind } from "./files/set-aside.ts";
import { type Lock, takeLock } from "./lock.ts";
import type { SegmentLogOptions } from "./segment/log-options.ts";
import { SegmentLog } from "./segment-log.ts";
import { type ReportDamage, stateError } from "./state-error.ts";

/** Names of files in the directory, except those of logs. */
const FILES = /^(format|reserve)$|\.(check|copy|jsonl?|key|kept|refused)$/;

const WHAT = "the state directory";

/** Why a directory is opened. `inspect`: the next process that runs it reports the damage found now once more. */
type StateUse = "run" | "inspect";

/**
 * The durable files of a pipeline: logs and checkpoints, for one process at a time, readable for their owner only. The
 * file `format` holds the format version.
 */
export class StateDirectory {
  /** Absolute, or relative to the working directory. */
  readonly path: string;
  readonly #report: ReportDamage;
  readonly #history: DamageHistory;
  readonly #lock: Lock;
  readonly #logs: SegmentLog[] = [];

  private constructor(
    path: string,
    report: ReportDamage,
    history: DamageHistory,
    lock: Lock,
    foundFormat: FoundFormat,
  ) {
    this.path = path;
    this.#report = report;
    this.#history = history;
    this.#lock = lock;
    this.foundFormat = foundFormat;
  }

  /**
   * Opens or creates a state directory, with the folders above it, and locks it.
   *
   * @param report Receives damages, now and later.
   * @throws {IotmonError} `ERR_STATE` if another process uses it or a later iotmon wrote it,
   * `ERR_PERMISSION`, `ERR_CANT_CREATE`, `ERR_IO`.
   */
  static async open(
    path: string,
    report: ReportDamage,
    use: StateUse = "run",
  ): Promise<StateDirectory> {
    try {
      await mkdir(path, { recursive: true, mode: FOLDER_MODE });
      await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
      const format = await readFormat(path);
      const history = new DamageHistory(path);
      const found: ReportDamage = (damage) => {
        history.add(damage, Date.now(), use === "run");
        report(damage);
      };
      for (const name of (await readdir(path)).filter((name) => FILES.test(name))) {
        await requireKind(join(path, name), "file", found);
      }
      await requireKind(join(path, "lock"), "folder", found);
      const lock = await takeLock(path);
      await makePrivate(path, report);
      if (use === "run") for (const damage of history.tell()) report(damage);
      if (format === "damaged") {
        const message = "it was damaged and is written anew";
        found({ at: FORMAT_FILE, message, records: 0, bytes: 0 });
      }
      await writeFormat(path, format);
      return new StateDirectory(path, found, history, lock, format);
    } catch (cause) {
      throw stateError(WHAT, path, cause);
    }
  }

  readonly foundFormat: FoundFormat;

  /** Damages of this and earlier processes, the oldest first; the newest hundred. */
  get damages(): readonly FoundDamage[] {
    return this.#history.all;
  }

  /** Damages that no process that ran the directory has reported before. */
  get newDamages(): readonly FoundDamage[] {
    return this.#history.fresh;
  }

  /** Opens or creates the log `name`, a folder in the directory. */
  async openLog(
    name: string,
    options: Omit<SegmentLogOptions, "report"> = {},
  ): Promise<SegmentLog> {
    const folder = join(this.path, name);
    await this.#requireFolder(folder);
    const log = await SegmentLog.open(folder, { ...options, report: this.#report });
    this.#logs.push(log);
    return log;
  }

  /** Bytes written to its logs since it was opened, without checkpoints. */
  get writtenBytes(): number {
    return this.#logs.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0);
  }

  /** Opens or creates the checkpoint store. */
  async openCheckpoints(): Promise<CheckpointStore> {
    const folder = join(this.path, "checkpoints");
    await this.#requireFolder(folder);
    return CheckpointStore.open(folder, this.#report);
  }

  async #requireFolder(folder: string): Promise<void> {
    try {
      await requireKind(folder, "folder", this.#report);
    } catch (cause) {
      throw stateError(WHAT, folder, cause);
    }
  }

  /** Unlocks the directory; the last call, after closing logs and checkpoints. */
  async close(): Promise<void> {
    await this.#lock.release();
  }
}

/**
 * Checks that a state directory exists and is readable, without locking it.
 *
 * @throws {IotmonError} `ERR_STATE` if a later iotmon wrote it; `ERR_NO_INPUT` if it does not exist.
 */
export async function requireStateDirectory(path: string): Promise<void> {
  try {
    if ((await readFormat(path)) !== "none") return;
  } catch (cause) {
    throw stateError(WHAT, path, cause);
  }
  throw new IotmonError("ERR_NO_INPUT", "there is no state directory", {
    at: path,
    hint: "Check the path; a pipeline makes its state directory when it first runs",
  });
}
