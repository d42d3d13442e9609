/** Takes the values of an option that may be repeated, for commander. */
export function collectValues(
  value: string,
  values: readonly string[] | undefined,
): readonly string[] {
  return [...(values ?? []), value];
}
