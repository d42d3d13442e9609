const BYTES_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["kB", 1000],
  ["MB", 1e6],
  ["GB", 1e9],
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
]);

/** A size: `512KiB`, `16MiB`, `1GB`; fractions are allowed. */
export const BYTE_SIZE_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)([kMG]B|[KMG]iB|B)$/;

/** Bytes of a size such as `16MiB`, rounded down; null if `text` is not a size. */
export function parseByteSize(text: string): number | null {
  const [, amount, unit] = BYTE_SIZE_PATTERN.exec(text) ?? [];
  const factor = BYTES_PER_UNIT.get(unit ?? "");
  return factor === undefined ? null : Math.floor(Number(amount) * factor);
}
