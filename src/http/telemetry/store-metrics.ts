import { Gauge } from "prom-client";
import type { DurableStore } from "../../durability/durable-store.ts";
import type { ServerMetrics } from "./metrics.ts";

/** Tells Prometheus how safe everything is. */
export function addStoreMetrics(metrics: ServerMetrics, keeper: DurableStore): void {
  let set: (() => void) | null = null;
  metrics.addCollector((registry) => {
    const registers = [registry];
    set ??= settersOf(keeper, (name, help) => new Gauge({ name, help, registers }));
    set();
  });
}

function settersOf(keeper: DurableStore, gauge: (name: string, help: string) => Gauge): () => void {
  const { records, recordsLost } = keeper.recovered;
  gauge("iotmon_recovered_records", "Changes executed again at the start.").set(records);
  gauge("iotmon_lost_records", "Changes that the start could not execute again.").set(recordsLost);
  const unsynced = gauge("iotmon_journal_unsynced_records", "Changes a power cut could cost now.");
  const bytes = gauge("iotmon_journal_unsynced_bytes", "Bytes a power cut could cost now.");
  const failing = gauge("iotmon_journal_failing", "1 while changes are refused for the disk.");
  const waits = gauge(
    "iotmon_journal_waits",
    "Changes that waited for a disk that had fallen behind.",
  );
  const age = gauge("iotmon_checkpoint_age_seconds", "Since the last checkpoint, or the start.");
  const after = gauge("iotmon_journal_records", "Changes that a start would execute again.");
  const damages = gauge("iotmon_state_damages", "Damaged places found in the state directory.");
  return () => {
    const { state } = keeper;
    unsynced.set(state.unsyncedRecords);
    bytes.set(state.unsyncedBytes);
    failing.set(state.failure === null ? 0 : 1);
    waits.set(state.waits);
    age.set(state.checkpointAgeMs / 1000);
    after.set(state.recordsAfterCheckpoint);
    damages.set(state.damages);
  };
}
