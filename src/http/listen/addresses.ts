import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { IotmonError } from "../../core/errors.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an IP address is a loopback address. */
export function isLoopback(address: string): boolean {
  if (address === "127.0.0.1") return true; // the common case; the list is slow
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** An address on which to listen. */
export interface Address {
  readonly ip: string;
  /** Whether the server can start without this address. */
  readonly optional: boolean;
}

/**
 * Resolves `--host`. `localhost` gives both loopback addresses, because a client may try either first and
 * a resolver may know only one.
 *
 * @throws {IotmonError} `ERR_UNAVAILABLE` if the name has no address.
 */
export async function addressesOf(host: string): Promise<readonly Address[]> {
  if (host === "localhost") {
    return [
      { ip: "127.0.0.1", optional: false },
      { ip: "::1", optional: true },
    ];
  }
  const ip = withoutMapping(host.replace(/^\[(.*)\]$/, "$1"));
  if (isIP(ip) !== 0) return [{ ip, optional: false }];
  const found = await lookup(host, { all: true }).catch((cause: Error) => {
    throw new IotmonError("ERR_UNAVAILABLE", `--host ${host} has no address: ${cause.message}`, {
      cause,
      hint: "Give an address of this machine, or 0.0.0.0 for all addresses",
    });
  });
  return found.map(({ address }) => ({ ip: address, optional: false }));
}

/** The IPv4 address of `::ffff:127.0.0.1`, on which no socket for IPv6 only can listen; others unchanged. */
function withoutMapping(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const [, high, low] =
    /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(new URL(urlOf(ip, 80)).host) ?? [];
  if (high === undefined || low === undefined) return ip;
  const bits = Number.parseInt(high, 16) * 0x10000 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** The `http://` URL of an address. */
export function urlOf(ip: string, port: number): string {
  return `http://${isIP(ip) === 6 ? `[${ip}]` : ip}:${port}`;
}
