/** Starting a thread takes about as long as running this many bytes of input. */
const BYTES_PER_WORKER = 8_000_000;

/**
 * Number of workers that save time: at most one per core and per key, and 1 for an input that ends before
 * workers have started.
 *
 * @param cores Number of available processors.
 * @param keys Number of keys in a sample of the input.
 * @param bytes Size of the input; null: unknown.
 */
export function fastestWorkerCount(cores: number, keys: number, bytes: number | null): number {
  const large = bytes === null ? 1 : Math.floor(bytes / BYTES_PER_WORKER);
  return Math.max(1, Math.min(cores, keys, large));
}
