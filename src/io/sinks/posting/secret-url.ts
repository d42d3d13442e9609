/** The address of a sink. Its path, query and user may be secret; messages only show `origin`. */
export interface PostTarget {
  readonly url: URL;
  /** Scheme, host and port, for messages: `https://hooks.example.org`. */
  readonly origin: string;
  /** `Authorization` made of the user and password in the address; null without them. */
  readonly authorization: string | null;
}

/**
 * Splits an address.
 *
 * @param address Absolute http or https address.
 * @throws {TypeError} If it is not valid.
 */
export function postTarget(address: string): PostTarget {
  const url = new URL(address);
  const { username, password } = url;
  const user = `${decoded(username)}:${decoded(password)}`;
  url.username = "";
  url.password = "";
  url.hash = "";
  return {
    url,
    origin: url.origin,
    authorization: user === ":" ? null : `Basic ${Buffer.from(user).toString("base64")}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a literal %
  }
}

/** Host and port of an address, which are not secret; null if it is not valid. */
export function hostOf(address: string, base?: URL): string | null {
  return URL.canParse(address, base?.href) ? new URL(address, base?.href).host : null;
}
