import type { Limits } from "../service/checks/limits.ts";
import type { StateMachine } from "../service/state-machine.ts";
import type { SecretKeys } from "../state/secrets/secret-keys.ts";
import type { CheckpointLimits } from "./checkpoint/checkpoint-policy.ts";
import type { DiskFailure } from "./disk/disk-failure.ts";
import type { Durability, LogState, Notify, WhenUnwritable } from "./log/log-settings.ts";
import type { RecoveryProgress } from "./recover.ts";

/** Settings of a durable store. */
export interface StoreOptions {
  readonly durability: Durability;
  readonly report: Notify;
  readonly limits?: Limits;
  /** Keys for the secrets of pipelines that come over HTTP. By default there are no such pipelines. */
  readonly keys?: SecretKeys;
  /** Commands while the log can't be written. By default they are refused. */
  readonly whenUnwritable?: WhenUnwritable;
  /** Called when writing starts to fail, and with null when everything is stored again. Must not throw. */
  readonly onDiskFailure?: (failure: DiskFailure | null) => void;
  /** Receives the state machine before log records are executed again, to add listeners. */
  readonly prepare?: (machine: StateMachine) => void;
  /** Called every few milliseconds while the state is restored; other events are handled in between. */
  readonly onProgress?: (progress: RecoveryProgress) => void;
  /**
   * Awaited before a checkpoint is saved. The next start does not execute its commands again, so listeners
   * must have stored their effects. If it throws, no checkpoint is saved.
   */
  readonly beforeCheckpoint?: () => Promise<void>;
  /** When a checkpoint is wanted. By default, a start may take 5 s, and the files 256 MiB. */
  readonly checkpoints?: CheckpointLimits;
  /** Longest slice of a checkpoint between requests, ms. By default 10. */
  readonly sliceMs?: number;
}

/** State of a durable store. */
export interface StoreState extends LogState {
  /** Time since the last checkpoint, or since the start, ms. */
  readonly checkpointAgeMs: number;
  /** Records that the next start executes again. */
  readonly recordsAfterCheckpoint: number;
  /** Processor time that the next start would take, ms; estimated. */
  readonly recoveryMs: number;
  /** Bytes written since the start. */
  readonly journalBytes: number;
  readonly checkpointBytes: number;
  /** Damaged places found in the state directory. */
  readonly damages: number;
}
