import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { TEST_CERTIFICATE, TEST_KEY } from "./test-certificate.ts";

/** The behaviour of a receiver for one request. */
export type Behaviour =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** Reads the request and never answers. */
  | "hang"
  /** Closes the connection before the request is complete. */
  | "reset"
  /** Answers 200, and closes the connection in the middle of the body. */
  | "reset-mid-body"
  /** Answers 200, and never ends the body. */
  | "endless-body"
  /** Answers after half a second. */
  | "slow"
  /** Answers with text that is not HTTP. */
  | "garbage";

/** A request before its body. */
export interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** ms since epoch. */
  readonly at: number;
}

/** A complete request. */
export interface Received extends Arrived {
  readonly body: string;
}

/** A real HTTP or HTTPS server on 127.0.0.1 that misbehaves as the test wants. */
export class ChaosReceiver {
  /** Complete requests, in order. */
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #behave: (request: Arrived, index: number) => Behaviour;
  readonly #tls: boolean;
  #count = 0;

  private constructor(behave: (request: Arrived, index: number) => Behaviour, tls: boolean) {
    this.#behave = behave;
    this.#tls = tls;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#answer(request, response);
    };
    this.#server = tls
      ? createTlsServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, listener)
      : createServer(listener);
    this.#server.on("tlsClientError", () => {});
  }

  /**
   * Starts one, and stops it when the test has ended.
   *
   * @param behave One behaviour for all requests, or one for each by its number from 0.
   */
  static async start(
    behave: Behaviour | ((request: Arrived, index: number) => Behaviour),
    { tls = false } = {},
  ): Promise<ChaosReceiver> {
    const receiver = new ChaosReceiver(typeof behave === "function" ? behave : () => behave, tls);
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => receiver.close());
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `http://127.0.0.1:<port>`. */
  get origin(): string {
    return `${this.#tls ? "https" : "http"}://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const index = this.#count++;
    const { url: path = "", headers } = request;
    const arrived = { path, headers, at: Date.now() };
    const behaviour = this.#behave(arrived, index);
    if (behaviour === "reset") {
      request.socket.destroy();
      return;
    }
    this.received.push({ ...arrived, body: await text(request).catch(() => "") });
    misbehave(behaviour, response);
  }
}

function misbehave(behaviour: Behaviour, response: ServerResponse): void {
  if (typeof behaviour === "object") {
    response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
  } else if (behaviour === "reset-mid-body") {
    response.writeHead(200, { "content-length": "1000" }).write("a part of it");
    setTimeout(() => response.socket?.destroy(), 20);
  } else if (behaviour === "endless-body") {
    response.writeHead(200).write("and so on");
  } else if (behaviour === "slow") {
    setTimeout(() => response.writeHead(204).end(), 500);
  } else if (behaviour === "garbage") {
    response.socket?.end("220 mail.example.org ESMTP\r\n");
  }
}
