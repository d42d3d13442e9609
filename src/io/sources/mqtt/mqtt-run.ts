import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { IClientOptions, IConnackPacket, IPublishPacket, MqttClient } from "mqtt";
import { IotmonError } from "../../../core/errors.ts";
import { type FramedLines, MAX_LINE_BYTES } from "../../framing/line-framer.ts";
import { openError } from "../inputs/file-input.ts";
import type { LiveLines } from "../live/live-lines.ts";
import { messageLines } from "./message-lines.ts";
import { type MqttAddress, topicTest } from "./mqtt-address.ts";
import type { RecentMessages } from "./recent-messages.ts";
import type { TopicPattern } from "./topic-pattern.ts";

/** First and longest time between two attempts to connect, ms. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const CONNECT_MS = 10_000;
const KEEPALIVE_S = 30;
/** How long a broker keeps the session while iotmon does not run, s. */
const SESSION_S = 7 * 86_400;
/** Retained messages are not sent (protocol 5). */
const NO_RETAINED = 2;
/** Quality of service from which a broker refuses a topic. */
const REFUSED = 128;
/** Reason codes of a refused connection, of protocol 4 and 5. */
const WRONG_PROTOCOL = new Set([1, 132]);
const WRONG_USER = new Set([4, 5, 134, 135]);
const WRONG_ID = new Set([2, 133]);
const TAKEN_OVER = 142;
/** Head of a PUBACK packet: its type, and the number of bytes that follow. */
const PUBACK = [0x40, 2];
/** With an error, mqtt.js acknowledges nothing and reads on. The acknowledgement follows when the journal has the message. */
const LATER = new Error("acknowledged later");

/** How to connect and what to read. */
export interface MqttSession {
  readonly label: string;
  readonly address: MqttAddress;
  /** Topic filters, at least one. */
  readonly filters: readonly string[];
  readonly pattern: TopicPattern | null;
  readonly qos: 0 | 1;
  readonly protocol: 4 | 5;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Paths of PEM files. */
  readonly files: { readonly [Name in "ca" | "cert" | "key"]?: string | undefined };
  /** Base of relative paths. */
  readonly cwd: string;
  /** Messages that the broker may send before it needs an acknowledgement. */
  readonly mostUnacknowledged: number;
}

/** One run of an `MqttSource`: the connection, its subscriptions, and acknowledgements once the journal has a message. */
export class MqttRun {
  readonly #session: MqttSession;
  readonly #lines: LiveLines;
  readonly #recent: RecentMessages;
  readonly #signal: AbortSignal;
  readonly #isWanted: (topic: string) => boolean;
  /** Whether an earlier run has read messages, so that the broker should know the session. */
  #isContinued: boolean;
  #state: "new" | "up" | "down" = "new";
  #why = "";
  #hasSkipped = false;

  constructor(
    session: MqttSession,
    lines: LiveLines,
    recent: RecentMessages,
    signal: AbortSignal,
    isContinued: boolean,
  ) {
    this.#session = session;
    this.#lines = lines;
    this.#recent = recent;
    this.#signal = signal;
    this.#isWanted = topicTest(session.filters);
    this.#isContinued = isContinued;
  }

  /** Runs until the signal is aborted; see `MqttSource.run`. */
  async go(): Promise<void> {
    const { connect } = await import("mqtt");
    const options = await this.#options();
    if (this.#signal.aborted) return;
    const client = connect(options);
    try {
      await new Promise<void>((done, fail) => {
        this.#signal.addEventListener("abort", () => done(), { once: true });
        this.#listen(client, fail);
      });
    } finally {
      client.handleMessage = (_packet, read) => read(LATER);
      await client.endAsync().catch(() => {}); // it may be away
    }
  }

  async #options(): Promise<IClientOptions> {
    const { address, protocol, clientId, mostUnacknowledged, files } = this.#session;
    const { username = address.username, password = address.password } = this.#session;
    const properties = {
      sessionExpiryInterval: SESSION_S,
      receiveMaximum: mostUnacknowledged,
    };
    return {
      ...{ protocol: address.protocol, host: address.host, port: address.port },
      ...{ clientId, clean: false, resubscribe: false, reconnectOnConnackError: true },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...{ keepalive: KEEPALIVE_S, connectTimeout: CONNECT_MS, reconnectPeriod: FIRST_WAIT_MS },
      ...(protocol === 5 ? { protocolVersion: 5, properties } : { protocolVersion: 4 }),
      ...Object.fromEntries(
        await Promise.all(
          Object.entries(files).flatMap(([name, path]) =>
            path === undefined ? [] : [this.#read(path).then((content) => [name, content])],
          ),
        ),
      ),
    };
  }

  async #read(path: string): Promise<Buffer> {
    const whole = resolve(this.#session.cwd, path);
    return readFile(whole).catch(async (cause: unknown) => {
      throw await openError(path, whole, cause as NodeJS.ErrnoException);
    });
  }

  #listen(client: MqttClient, fail: (error: IotmonError) => void): void {
    client.handleMessage = (packet, read) => void this.#take(client, packet, read);
    client.on("connect", (connack) => {
      client.options.reconnectPeriod = FIRST_WAIT_MS;
      this.#subscribe(client, connack, fail);
    });
    client.on("error", (error) => {
      const fatal = this.#state === "new" ? this.#fatal(error) : null;
      if (fatal !== null) fail(fatal);
      else this.#why = whyOf(error);
    });
    client.on("disconnect", ({ reasonCode }) => {
      if (reasonCode === TAKEN_OVER) {
        const { clientId } = this.#session;
        this.#why = `another client has the client id "${clientId}"; set client_id`;
      }
    });
    client.on("close", () => {
      const { reconnectPeriod = FIRST_WAIT_MS } = client.options;
      client.options.reconnectPeriod = Math.min(2 * reconnectPeriod, LONGEST_WAIT_MS);
      this.#down();
    });
  }

  #subscribe(
    client: MqttClient,
    { sessionPresent }: IConnackPacket,
    fail: (error: IotmonError) => void,
  ): void {
    const { filters, qos, protocol, label } = this.#session;
    if (!sessionPresent && this.#isContinued) {
      const detail = `${label}: the broker has no session of iotmon: messages since the last connection may be lost`;
      this.#lines.lost(0, detail);
    }
    this.#isContinued = true;
    const how = protocol === 5 ? { qos, rh: NO_RETAINED } : { qos };
    client.subscribe([...filters], how, (error, granted = []) => {
      if (this.#signal.aborted) return;
      const refused = granted.find((grant) => grant.qos >= REFUSED);
      if (refused === undefined && error === null) return this.#up();
      const what = refused === undefined ? String(error?.message) : `it refuses ${refused.topic}`;
      if (this.#state !== "new") {
        this.#why = what;
        this.#down();
        return;
      }
      const hint = "Check the access rights of the user, and the topics";
      fail(new IotmonError("ERR_PERMISSION", `the broker refuses: ${what}`, { at: label, hint }));
    });
  }

  #up(): void {
    if (this.#state === "up") return;
    const { label } = this.#session;
    this.#lines.up(this.#state === "new" ? `reading ${label}` : `reading ${label} again`);
    this.#state = "up";
    this.#why = "";
  }

  #down(): void {
    if (this.#state === "down" || this.#signal.aborted) return;
    this.#state = "down";
    const why = this.#why === "" ? "the connection ended" : this.#why;
    this.#why = "";
    this.#lines.down(`${this.#session.label} is away (${why}); trying again`);
  }

  /** Takes a message. `read` lets mqtt.js read on. */
  async #take(
    client: MqttClient,
    packet: IPublishPacket,
    read: (error?: Error) => void,
  ): Promise<void> {
    const { messageId: id, topic, qos, dup: isAgain } = packet;
    const isReading = !packet.retain && this.#isWanted(topic);
    const payload = Buffer.from(packet.payload);
    if (qos === 0 || id === undefined) {
      if (isReading) await this.#give(topic, payload);
      return read();
    }
    if (!isReading) return read();
    const { taken, isNew } = this.#recent.take({ id, topic, payload, isAgain }, performance.now());
    const { stream } = client;
    taken.waiting.push(() => {
      if (stream.writable) stream.write(Buffer.from([...PUBACK, id >> 8, id & 0xff]));
    });
    const kept = (): void => {
      taken.isKept = true;
      for (const acknowledge of taken.waiting.splice(0)) acknowledge();
    };
    if (isNew) await this.#give(topic, payload, kept);
    else if (taken.isKept) kept();
    read(LATER);
  }

  async #give(topic: string, payload: Buffer, kept?: () => void): Promise<void> {
    const lines = messageLines({ topic, text: payload.toString() }, this.#session.pattern);
    if (lines.length === 0) this.#skipped(topic);
    await this.#lines.give(framed(lines, isUtf8(payload)), () => this.#position, kept);
  }

  get #position(): { line: number; recent: string } {
    return { line: this.#lines.count, recent: this.#recent.position };
  }

  /** Says once that it does not read a message. */
  #skipped(topic: string): void {
    if (this.#hasSkipped) return;
    this.#hasSkipped = true;
    const why = this.#session.pattern === null ? "" : ", or its topic does not match the pattern";
    const detail = `a message of ${topic} is not read, because it has no number or tells about a device${why}`;
    this.#lines.lost(0, `${detail}; further ones are not named`);
  }

  #fatal(error: Error & { code?: unknown }): IotmonError | null {
    const { label: at, clientId, protocol } = this.#session;
    const code = Number(error.code);
    if (WRONG_USER.has(code)) {
      const hint =
        "Set username and password of the source, or in the address: mqtt://user:password@host/topic";
      return new IotmonError("ERR_PERMISSION", "the broker refuses user or password", { at, hint });
    }
    if (WRONG_PROTOCOL.has(code)) {
      const hint = `Set protocol: ${protocol === 5 ? 4 : 5} in the source of a pipeline`;
      const what = `the broker does not speak protocol ${protocol}`;
      return new IotmonError("ERR_UNAVAILABLE", what, { at, hint });
    }
    if (!WRONG_ID.has(code)) return null;
    const hint = "Set client_id in the source of a pipeline";
    return new IotmonError("ERR_PERMISSION", `the broker refuses the client id "${clientId}"`, {
      at,
      hint,
    });
  }
}

/** Lines that are too long are empty. */
function framed(lines: readonly string[], isClean: boolean): FramedLines {
  const isLong = (line: string): boolean => Buffer.byteLength(line) > MAX_LINE_BYTES;
  const tooLong = lines.filter(isLong).length;
  return {
    lines: tooLong === 0 ? lines : lines.map((line) => (isLong(line) ? "" : line)),
    repaired: isClean ? 0 : lines.length,
    tooLong,
  };
}

/** What failed, without the address, which the caller knows. */
function whyOf(error: Error & { code?: unknown; errors?: readonly Error[] }): string {
  const { code, errors = [] } = error;
  if (typeof code === "string") return code;
  return error.message || errors[0]?.message || "no connection";
}
