/**
 * Keeps sinks of pipelines that arrive over HTTP out of the inner network: loopback, private and link-local addresses,
 * and the metadata service of a cloud. It checks the address of each connection, not the name, because a name may
 * resolve to another address later.
 *
 * @module
 */
import { lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Special-purpose addresses (RFC 6890) outside the internet. */
const INNER_V4 = [
  ["0.0.0.0", 8], // "this host": reaches loopback on Linux
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // carrier-grade NAT
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local, and the metadata service of most clouds
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3], // multicast, reserved, broadcast
] as const;

// only 2000::/3 is allocated in IPv6; these parts of it carry IPv4 addresses or are special
const INNER_V6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const inner = new BlockList();
for (const [net, prefix] of INNER_V4) inner.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of INNER_V6) inner.addSubnet(net, prefix, "ipv6");

const unicast = new BlockList();
unicast.addSubnet("2000::", 3, "ipv6");

/** A connection that was rejected because of its address. */
export class RejectedAddressError extends Error {
  /** Whether the URL itself has the address, so that retries are useless. */
  readonly isFinal: boolean;
  readonly address: string;

  constructor(message: string, address: string, isFinal: boolean) {
    super(message);
    this.address = address;
    this.isFinal = isFinal;
  }
}

/**
 * Whether an IP address is not a public internet address.
 *
 * @param address IPv4 or IPv6, without brackets.
 * @internal
 */
export function isInnerAddress(address: string): boolean {
  if (isIP(address) === 4) return inner.check(address, "ipv4");
  const plain = address.split("%", 1)[0] ?? ""; // only link-local addresses have a zone
  return isIP(plain) !== 6 || !unicast.check(plain, "ipv6") || inner.check(plain, "ipv6");
}

/**
 * The host of an address if it is certainly an inner one: its number, or a name of this machine; else null.
 *
 * @param url As parsed by `URL`, which turns decimal, octal and hexadecimal spellings into the plain one.
 */
export function innerHost({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[|\]$/g, "");
  const isInner = isIP(host) === 0 ? LOCAL_NAME.test(host) : isInnerAddress(host);
  return isInner ? hostname : null;
}

const LOCAL_NAME = /(^|\.)localhost\.?$/;

/**
 * Rejects an {@link innerHost}, because the lookup checks only names.
 *
 * @throws {RejectedAddressError}
 */
export function rejectInnerHost(url: URL): void {
  const host = innerHost(url);
  if (host !== null) throw new RejectedAddressError(`${host} ${WHY}`, host, true);
}

/** How long {@link innerAddressOf} waits for the answer about a name, ms. */
const LOOKUP_MS = 2000;

/**
 * The inner address to which the name of a URL resolves now; null if it resolves to none, does not resolve, or the answer
 * takes more than two seconds. Each connection still checks, because the answer may change.
 *
 * @param lookup Resolves names; default: the system.
 */
export function innerAddressOf(url: URL, lookup?: LookupFunction): Promise<string | null> {
  if (isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0) return Promise.resolve(null);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), LOOKUP_MS);
    guardedLookup(lookup)(url.hostname, { all: true }, (error) => {
      clearTimeout(timer);
      resolve(error instanceof RejectedAddressError ? error.address : null);
    });
  });
}

const WHY =
  "is an address of an inner network, which pipelines that arrive over HTTP may not post to";

/**
 * A lookup for connections that fails if any address of a name is an inner one.
 *
 * @param lookup Resolves names; default: the system.
 */
export function guardedLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === "string" ? [found] : found?.map(({ address }) => address);
      const refused = error === null ? addresses?.find(isInnerAddress) : undefined;
      if (refused === undefined) return callback(error, found, family);
      const message = `${hostname} resolves to ${refused}; that ${WHY}`;
      callback(new RejectedAddressError(message, refused, false), []);
    });
  };
}
