import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { onTestFinished } from "vitest";
import { tempFolder } from "../../support/temp-folder.ts";
import { accepts, freePort } from "../ports.ts";

/** A real mosquitto that keeps its sessions over a restart. It is killed when the test ends. */
export class Broker {
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /**
   * @param settings Lines of its configuration, such as a password file; by default everyone may connect.
   * @param isStarted False: it only has its port.
   */
  static async create(
    settings: readonly string[] = ["allow_anonymous true"],
    isStarted = true,
  ): Promise<Broker> {
    const folder = await tempFolder();
    const broker = new Broker(await freePort(), folder);
    const all = [
      ...[`listener ${broker.port} 127.0.0.1`, "user root", "persistence true"],
      ...[`persistence_location ${folder}/`, "max_queued_messages 0", ...settings],
    ];
    await writeFile(join(folder, "mosquitto.conf"), `${all.join("\n")}\n`);
    if (isStarted) await broker.start();
    onTestFinished(() => {
      broker.#child?.kill("SIGKILL");
    });
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#child = spawn("mosquitto", ["-c", join(this.#folder, "mosquitto.conf")], {
      stdio: "ignore",
    });
    await accepts(this.port);
  }

  /** Stops it; it saves its sessions. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = once(child, "close");
    child.kill("SIGTERM");
    await ended;
    this.#child = null;
  }

  async connect(): Promise<MqttClient> {
    const client = await connectAsync(this.url);
    onTestFinished(() => {
      client.end(true);
    });
    return client;
  }
}
