import type { HostedBuffer } from "./registry.ts";
import type { RowObject } from "./rows/read-columns.ts";
import type { ReadOptions } from "./rows/row-reader.ts";
import type { Ran } from "./scoring/row-results.ts";
import type { StateMachine } from "./state-machine.ts";

/**
 * Appends rows and lets the caller look at what came of them while it is there.
 *
 * @param tell Its result must not need the arrays any more.
 * @throws {Refusal} As `Hub.append`.
 */
export function appendTold<T>(
  hub: StateMachine,
  name: string,
  rows: readonly RowObject[],
  options: ReadOptions,
  tell: (hosted: HostedBuffer, ran: Ran) => T,
): T {
  const told: T[] = [];
  const stop = hub.listen({ rows: (hosted, ran) => void told.push(tell(hosted, ran)) });
  try {
    hub.append(name, rows, options);
  } finally {
    stop();
  }
  return told[0] as T;
}
