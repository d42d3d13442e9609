import { Gauge } from "prom-client";
import type { DurableStore } from "../../durability/durable-store.ts";
import type { ServerMetrics } from "./metrics.ts";

/** Adds metrics of durability. */
export function addStoreMetrics(metrics: ServerMetrics, store: DurableStore): void {
  let set: (() => void) | null = null;
  metrics.addCollector((registry) => {
    const registers = [registry];
    set ??= settersOf(store, (name, help) => new Gauge({ name, help, registers }));
    set();
  });
}

function settersOf(store: DurableStore, gauge: (name: string, help: string) => Gauge): () => void {
  const { records, recordsLost } = store.recovered;
  gauge("iotmon_recovered_records", "Changes that the start executed again.").set(records);
  gauge("iotmon_lost_records", "Changes that the start could not execute again.").set(recordsLost);
  const unsynced = gauge(
    "iotmon_journal_unsynced_records",
    "Changes that a power cut would lose now.",
  );
  const bytes = gauge("iotmon_journal_unsynced_bytes", "Bytes that a power cut would lose now.");
  const failing = gauge(
    "iotmon_journal_failing",
    "1 while the server rejects changes because it cannot write.",
  );
  const waits = gauge("iotmon_journal_waits", "Changes that waited for a slow disk.");
  const age = gauge(
    "iotmon_checkpoint_age_seconds",
    "Time since the last checkpoint, or the start.",
  );
  const recovery = gauge(
    "iotmon_recovery_seconds",
    "Processor time that a start would take to restore the state, estimated.",
  );
  const journal = gauge("iotmon_journal_written_bytes", "Bytes written to the journal.");
  const written = gauge("iotmon_checkpoint_written_bytes", "Bytes written to checkpoints.");
  const after = gauge("iotmon_journal_records", "Changes that a start would execute again.");
  const damages = gauge("iotmon_state_damages", "Damaged places found in the state directory.");
  return () => {
    const { state } = store;
    unsynced.set(state.unsyncedRecords);
    bytes.set(state.unsyncedBytes);
    failing.set(state.failure === null ? 0 : 1);
    waits.set(state.waits);
    age.set(state.checkpointAgeMs / 1000);
    recovery.set(state.recoveryMs / 1000);
    journal.set(state.journalBytes);
    written.set(state.checkpointBytes);
    after.set(state.recordsAfterCheckpoint);
    damages.set(state.damages);
  };
}
