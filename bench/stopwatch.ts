/** Duration of `work`, s. */
export async function stopwatch(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
