/** A task to measure: does its work once and returns the time of the measured part, s. */
export type Task = () => number | Promise<number>;

/**
 * Runs tasks in turns, so that a slow phase of the machine affects all of them equally.
 *
 * @returns Seconds by task, one per round.
 */
export async function interleave<Name extends string>(
  rounds: number,
  tasks: Readonly<Record<Name, Task>>,
): Promise<Record<Name, readonly number[]>> {
  const names = Object.keys(tasks) as Name[];
  const seconds = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) seconds[name].push(await tasks[name]());
  }
  return seconds;
}

/** Duration of `work`, s. */
export async function stopwatch(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
