/** Seconds that `work` took. */
export async function stopwatch(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
