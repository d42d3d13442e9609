import type { StateMachine } from "../service/state-machine.ts";
import { StateDirectory } from "../state/state-directory.ts";
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
  const state = await StateDirectory.open(path, ({ at, message }) => report(`${at}: ${message}`));
  try {
    const store = await state.openCheckpoints();
    try {
      const log = await state.openLog("journal");
      try {
        return (
          await recover(store, store.takeNewest(), log, { report: (_, text) => report(text) })
        ).machine;
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
