/** The visible buffer and sensor. */
export interface Place {
  /** Name of the buffer; empty if none is chosen. */
  readonly buffer: string;
  /** Empty if none is chosen. */
  readonly sensor: string;
}

/** Parses the hash of an address: `#/buffer/sensor`. */
export function placeOf(hash: string): Place {
  const [, buffer = "", sensor = ""] = /^#\/([^/]*)(?:\/(.*))?$/.exec(hash) ?? [];
  return { buffer: decoded(buffer), sensor: decoded(sensor) };
}

/** The hash for a place. */
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
