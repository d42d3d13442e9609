import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { runProgram } from "../../support/run-cli.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { WatchProcess } from "../../support/watch-process.ts";
import { canHere } from "../can-here.ts";
import { Broker } from "./broker.ts";

const hasBroker = canHere("the source of MQTT", "sh", ["-c", "command -v mosquitto"]);

function watch(cwd: string, ...args: readonly string[]): WatchProcess {
  const process = new WatchProcess([...args, "--all", "--format", "jsonl"], cwd);
  onTestFinished(() => {
    process.child.kill("SIGKILL");
  });
  return process;
}

const rowsOf = (run: WatchProcess): { sensor_id: string }[] =>
  run.lines.filter((line) => line.startsWith('{"row"')).map((line) => JSON.parse(line));

describe.skipIf(!hasBroker)("iotmon watch with a broker", () => {
  it("reads numbers and objects of several sensors, and no retained message", async () => {
    const cwd = await tempFolder();
    const broker = await Broker.create();
    const client = await broker.connect();
    await client.publishAsync("sensors/old/temperature", "99", { qos: 1, retain: true });
    const run = watch(cwd, `${broker.url}/sensors/#`);
    await run.until(() => run.stderr.includes("reading mqtt"));
    for (let i = 0; i < 10; i++) {
      await client.publishAsync("sensors/a/temperature", `${20 + i / 10} °C`, { qos: 1 });
      await client.publishAsync("sensors/b", `{"humidity":${40 + i},"battery":9}`, { qos: 0 });
      await client.publishAsync("sensors/a/LWT", "Online", { qos: 1 });
    }
    await run.until(() => rowsOf(run).length === 20);
    expect(new Set(rowsOf(run).map(({ sensor_id }) => sensor_id))).toEqual(
      new Set(["sensors/a", "sensors/b"]),
    );
    expect(run.stderr).toMatch(/watched: temperature, humidity|watched: humidity, temperature/);
    expect(run.stderr).toContain("not watched: battery");
    expect(await run.stop("SIGTERM")).toBe(0);
    // what comes while it does not run is read at the next start
    await client.publishAsync("sensors/b", '{"humidity":45}', { qos: 1 });
    const next = watch(cwd, `${broker.url}/sensors/#`);
    await next.until(() => rowsOf(next).length === 1);
    await next.stop("SIGTERM");
  });

  it.each([4, 5])(
    "waits for a broker, and reports that it is away, with protocol %i",
    async (protocol) => {
      const cwd = await tempFolder();
      const broker = await Broker.create(["allow_anonymous true"], false);
      const source = `{ type: mqtt, url: "${broker.url}", topics: [a/#], protocol: ${protocol} }`;
      const sinks = "sinks: [{ type: file, path: alerts.jsonl }]";
      await writeFile(join(cwd, "p.yaml"), `version: 1\nsource: ${source}\n${sinks}\n`);
      const run = watch(cwd, "-p", "p.yaml");
      await run.until(() => run.stderr.includes("is away (ECONNREFUSED); trying again"));
      await broker.start();
      await run.until(() => run.stderr.includes("reading mqtt"));
      const publish = async (): Promise<void> => {
        const client = await broker.connect();
        await client.publishAsync("a/retained", "5", { qos: 1, retain: true });
        for (let i = 0; i < 20; i++) await client.publishAsync("a/k", String(i), { qos: 1 });
        await client.endAsync();
      };
      await publish();
      await run.until(() => rowsOf(run).length >= 20);
      await broker.stop();
      await run.until(() => run.stderr.split("is away").length > 2);
      await broker.start();
      await run.until(() => run.stderr.split("reading mqtt").length > 2);
      await publish();
      // the retained message comes twice as it is published, and never as an old one
      await run.until(() => rowsOf(run).length >= 42);
      await sleep(300);
      expect(rowsOf(run)).toHaveLength(42);
      expect(await run.stop("SIGTERM")).toBe(0);
      const alerts = await readFile(join(cwd, "alerts.jsonl"), "utf8");
      expect(alerts.match(/"source_down"/g)?.length).toBeGreaterThanOrEqual(4);
    },
  );

  it("refuses a wrong password, and keeps the right one out of messages and state", async () => {
    const cwd = await tempFolder();
    const broker = await Broker.create(["allow_anonymous false"]);
    const url = broker.url.replace("//", "//me:hush-hush@");
    const run = await runProgram(["watch", `${url}/a/#`], { cwd });
    expect(run.code).toBe(77);
    expect(run.stderr).toContain("the broker refuses user or password");
    expect(run.stderr).not.toContain("hush-hush");
    await writeFile(join(cwd, "p.yaml"), `version: 1\nsource: { type: mqtt, url: "\${URL}" }\n`);
    const open = await Broker.create();
    const secret = `${open.url.replace("//", "//me:hush-hush@")}/a/#`;
    const publisher = await open.connect();
    const watching = runProgram(["watch", "-p", "p.yaml", "--limit", "20"], {
      cwd,
      env: { URL: secret },
    });
    const timer = setInterval(() => void publisher.publish("a/k", "20.5"), 50);
    onTestFinished(() => clearInterval(timer));
    const { code, stderr, stdout } = await watching;
    expect(code, stderr).toBe(0);
    const files = await readdir(join(cwd, ".iotmon"), { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), "latin1")),
    );
    expect(contents.length).toBeGreaterThan(1);
    expect([stderr, stdout, ...contents].join("\n")).not.toContain("hush-hush");
  });
});
