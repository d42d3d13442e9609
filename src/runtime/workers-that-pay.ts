/** Starting a thread takes about as long as running this many bytes of input. */
const BYTES_PER_WORKER = 8_000_000;

/**
 * How many workers pay: no more than there are cores, or keys to spread over them, and none for an
 * input that is through before they have started.
 *
 * @param cores Processors that this process may use.
 * @param keys Keys that were seen in a sample of the input.
 * @param bytes Size of the input; null when it is unknown.
 */
export function workersThatPay(cores: number, keys: number, bytes: number | null): number {
  const large = bytes === null ? 1 : Math.floor(bytes / BYTES_PER_WORKER);
  return Math.max(1, Math.min(cores, keys, large));
}
