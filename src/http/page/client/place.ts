/** What is looked at. */
export interface Place {
  /** Name of a buffer; empty: none is chosen. */
  readonly buffer: string;
  /** Empty: none is chosen. */
  readonly sensor: string;
}

/** The place that the address names: `#/buffer/sensor`. */
export function placeOf(hash: string): Place {
  const [, buffer = "", sensor = ""] = /^#\/([^/]*)(?:\/(.*))?$/.exec(hash) ?? [];
  return { buffer: decoded(buffer), sensor: decoded(sensor) };
}

/** An address that names the place. */
export function hashOf({ buffer, sensor }: Place): string {
  return `#/${encodeURIComponent(buffer)}/${encodeURIComponent(sensor)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
