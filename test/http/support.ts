import { mkdtemp, rm } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { Tokens } from "../../src/http/access/tokens.ts";
import { createApp } from "../../src/http/app.ts";
import { EventStreams } from "../../src/http/event-streams.ts";
import type { App } from "../../src/http/route-group.ts";
import { ServerMetrics } from "../../src/http/telemetry/metrics.ts";
import { disabledSinks } from "../../src/http/telemetry/sink-metrics.ts";
import type { CommandExecutor } from "../../src/service/commands.ts";
import { AlertDispatch } from "../../src/service/delivery/alert-dispatch.ts";
import { Heartbeats } from "../../src/service/delivery/heartbeats.ts";
import { RejectedRows } from "../../src/service/delivery/rejected-rows.ts";
import { Feeds } from "../../src/service/events/feeds.ts";
import { PipelineHost } from "../../src/service/pipelines/pipeline-host.ts";
import { StateMachine } from "../../src/service/state-machine.ts";
import { OpenEvents } from "../../src/state/open-events.ts";
import { forgetfulExecutor } from "../support/machine-commands.ts";

/** How an application under test differs from that of `iotmon serve` without options. */
export interface Setup {
  readonly tokens?: Tokens;
  readonly localOnly?: boolean;
  readonly cors?: readonly string[];
  readonly notReady?: readonly string[];
  readonly machine?: StateMachine;
  /** Resolves names of sinks; default: none has an address. */
  readonly lookup?: LookupFunction;
}

/** A reply. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the text of another body. */
  readonly body: unknown;
}

/** An application with a state machine of its own, without a socket. */
export class Api {
  readonly app: App;
  /** Log lines. */
  readonly log: string[];

  constructor(app: App, log: string[]) {
    this.app = app;
    this.log = log;
  }

  /** Sends a request; converts a body that is not a text to JSON. */
  async send(
    method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS" | "HEAD",
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const reply = await this.app.inject({
      method,
      url,
      headers: {
        host: "localhost:14345",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const isJson = /[/+]json\b/.test(String(reply.headers["content-type"]));
    return {
      status: reply.statusCode,
      headers: reply.headers,
      body: isJson && reply.body !== "" ? JSON.parse(reply.body) : reply.body,
    };
  }

  get(url: string): Promise<Answer> {
    return this.send("GET", url);
  }

  post(url: string, body: unknown): Promise<Answer> {
    return this.send("POST", url, body);
  }
}

const same = (text: string): string => text;
const PLAIN = { severity: (_: unknown, text: string) => text, resolved: same, faint: same };

/** Resolves no name. */
const NO_NAMES: LookupFunction = (_, __, callback) => callback(new Error("no names"), []);

/** Starts an application that closes with the test. */
export async function startApi(setup: Setup = {}): Promise<Api> {
  const log: string[] = [];
  const machine = setup.machine ?? new StateMachine();
  const commands: CommandExecutor = forgetfulExecutor(machine);
  const state = await mkdtemp(join(tmpdir(), "iotmon-http-"));
  const dispatch = new AlertDispatch(state, (name, text) => void log.push(`${name}: ${text}`));
  machine.listen(dispatch);
  const sinks = {
    cwd: state,
    version: "1.2.3",
    lookup: setup.lookup ?? NO_NAMES,
    stream: new PassThrough(),
    painter: PLAIN,
    now: Date.now,
  };
  const heartbeats = new Heartbeats({
    ...{ dispatch, context: sinks, failure: () => null },
    report: (_, name, text) => void log.push(`${name}: ${text}`),
  });
  machine.listen(heartbeats);
  const open = new OpenEvents(join(state, "rejected.json"), (text) => void log.push(text));
  const rejected = new RejectedRows(machine, dispatch, open);
  machine.listen(rejected);
  dispatch.listenOps((body) => void log.push(JSON.stringify(body)));
  const app = await createApp(
    {
      machine,
      commands,
      pipelines: new PipelineHost({
        machine,
        commands,
        dispatch,
        heartbeats,
        sinks,
        keyFile: "secrets.key",
      }),
      streams: new EventStreams(new Feeds(machine), 1.8e12),
      metrics: new ServerMetrics(machine),
      rejected,
      version: "1.2.3",
      now: () => 1.8e12,
      stopping: new AbortController().signal,
      notReady: () => setup.notReady ?? [],
      degraded: () => disabledSinks(dispatch),
    },
    {
      log: pino({ level: "debug" }, { write: (line: string) => void log.push(line) }),
      tokens: setup.tokens ?? null,
      localOnly: setup.localOnly ?? true,
      cors: setup.cors ?? [],
      basePath: "",
      stopping: () => false,
    },
  );
  onTestFinished(async () => {
    await app.close();
    await heartbeats.close();
    await dispatch.close();
    await rm(state, { recursive: true });
  });
  return new Api(app, log);
}

export const BUFFERS = "/v1/ml/polars/buffers";
export const PIPELINES = "/v1/ml/pipelines";
export const DETECTORS = "/v1/ml/anomaly/streaming";

/** The buffer, features and detector of the examples: `room` and `room_anomaly`. */
export async function setUp(api: Api): Promise<void> {
  await api.post(BUFFERS, {
    name: "room",
    schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" },
    max_rows: 1000,
  });
  await api.post(`${BUFFERS}/room/features`, {
    features: [
      { name: "mean_3", column: "temperature", function: "mean", window: 3 },
      { name: "std_3", column: "temperature", function: "std", window: 3 },
    ],
  });
  await api.post(DETECTORS, {
    name: "room_anomaly",
    algorithm: "ecod",
    features: ["mean_3", "std_3"],
    contamination: 0.05,
    warmup_period: 50,
  });
}

/** Rows of `room`, one a second. */
export function rows(count: number, from = 0): object[] {
  return Array.from({ length: count }, (_, i) => ({
    timestamp: new Date(1.7e12 + 1000 * (from + i)).toISOString(),
    sensor_id: "s1",
    temperature: 21 + Math.sin((from + i) * 1.7) + 0.1 * ((from + i) % 7),
  }));
}
