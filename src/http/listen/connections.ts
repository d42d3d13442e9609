import type { Server } from "node:http";
import { isIPv6, type Socket } from "node:net";

/** Maximum numbers of open connections. */
export interface ConnectionLimits {
  /** Of all clients. */
  readonly connections: number;
  /** Of one address; the 2^64 IPv6 addresses of a network count as one. */
  readonly connectionsPerAddress: number;
}

interface Connection {
  readonly network: Network;
  /** Requests without a complete answer. */
  running: number;
}

/** The clients of one address. */
interface Network {
  readonly name: string;
  open: number;
  /** See {@link Connections.#waiting}. */
  readonly waiting: Set<Socket>;
}

/**
 * Limits the open connections of some servers together. A new connection above a limit replaces the one that has
 * waited longest for a request; if all have a request, the server closes the new one. So connections that send
 * nothing never keep others out. O(1) per connection and request.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<Socket, Connection>();
  readonly #networks = new Map<string, Network>();
  /** Connections without a running request, the longest wait first. */
  readonly #waiting = new Set<Socket>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Applies the limits to a server. */
  watch(server: Server): void {
    server.on("connection", (socket) => this.#admit(socket));
    server.prependListener("request", ({ socket }, response) => {
      this.#run(socket, 1);
      response.once("close", () => this.#run(socket, -1));
    });
  }

  #admit(socket: Socket): void {
    const name = networkOf(socket.remoteAddress ?? "");
    const network = this.#networks.get(name) ?? { name, open: 0, waiting: new Set() };
    const crowded =
      network.open >= this.#limits.connectionsPerAddress
        ? network.waiting
        : this.#open.size >= this.#limits.connections
          ? this.#waiting
          : null;
    if (crowded !== null) {
      const [longest] = crowded;
      if (longest === undefined) {
        socket.destroy();
        return;
      }
      this.#forget(longest);
      longest.destroy();
    }
    this.#networks.set(name, network);
    network.open += 1;
    this.#open.set(socket, { network, running: 0 });
    this.#run(socket, 0);
    socket.once("close", () => this.#forget(socket));
  }

  #run(socket: Socket, change: number): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.running += change;
    for (const waiting of [this.#waiting, connection.network.waiting]) {
      if (connection.running === 0) waiting.add(socket);
      else waiting.delete(socket);
    }
  }

  #forget(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    this.#open.delete(socket);
    this.#waiting.delete(socket);
    const { network } = connection;
    network.waiting.delete(socket);
    network.open -= 1;
    if (network.open === 0) this.#networks.delete(network.name);
  }
}

/** An IPv4 address, or the first 64 bits of an IPv6 address, which one client may own. */
function networkOf(address: string): string {
  const mapped = address.replace(/^::ffff:(?=[\d.]+$)/i, "");
  if (!isIPv6(mapped)) return mapped;
  const [head = "", tail = ""] = mapped.split("::");
  const [first, last] = [head, tail].map((part) => (part === "" ? [] : part.split(":")));
  const zeros = new Array<string>(8 - (first?.length ?? 0) - (last?.length ?? 0)).fill("0");
  return [...(first ?? []), ...zeros, ...(last ?? [])].slice(0, 4).join(":");
}
