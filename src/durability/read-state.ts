import type { StateMachine } from "../service/state-machine.ts";
import { StateDirectory } from "../state/state-directory.ts";
import type { ReportDamage } from "../state/state-error.ts";
import { nextRecord } from "./checkpoint/position.ts";
import { recover } from "./recover.ts";

/**
 * Reads the state machine of a state directory that no process uses. Deletes nothing in it.
 *
 * @param report Receives each damage as a sentence.
 * @throws {IotmonError} As `StateDirectory.open`; `ERR_STATE` when a process uses it.
 */
export async function readState(
  path: string,
  report: (text: string) => void,
): Promise<StateMachine> {
  const found: ReportDamage = ({ at, message }) => report(`${at}: ${message}`);
  const state = await StateDirectory.open(path, found, "inspect");
  try {
    const store = await state.openCheckpoints();
    try {
      const newest = store.takeNewest();
      const log = await state.openLog("journal", { nextSeq: nextRecord(newest.values) });
      try {
        const recovery = { report: (_: string, text: string) => report(text), secrets: null };
        return (await recover(store, newest, log, recovery)).machine;
      } finally {
        await log.close();
      }
    } finally {
      await store.close();
    }
  } finally {
    await state.close();
  }
}
