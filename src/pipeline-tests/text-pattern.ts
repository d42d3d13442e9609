const EXPRESSION = /^\/(.+)\/(i?)$/s;

/** Whether a text is as expected: the same, or what `/an expression/` matches anywhere in it. */
export function fitsText(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  const [, source, flags] = EXPRESSION.exec(expected) ?? [];
  if (source === undefined) return false;
  try {
    return new RegExp(source, `${flags}u`).test(actual);
  } catch {
    return false; // it can only be meant as it is
  }
}
