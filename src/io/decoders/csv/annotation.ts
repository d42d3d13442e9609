const ANNOTATION = /^"?#(?:group|datatype|default)"?(?:,|$)/;

/** Whether a line, or its first cell, is an annotation of InfluxDB: it has three above each of its tables. */
export function isAnnotation(line: string): boolean {
  return ANNOTATION.test(line);
}
