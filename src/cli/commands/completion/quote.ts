/** A text in single quotes, for shells of the Bourne family. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
