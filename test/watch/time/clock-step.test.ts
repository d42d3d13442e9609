import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { parsePipeline } from "../../../src/config/parse.ts";
import { AlertDelivery } from "../../../src/io/outbox/alert-delivery.ts";
import { SessionRecordingWriter } from "../../../src/io/session-recording/session-recording-writer.ts";
import type { LiveSource } from "../../../src/io/sources/live/live-source.ts";
import { ClockEvents } from "../../../src/service/events/clock-events.ts";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { OpenEvents } from "../../../src/state/open-events.ts";
import { SessionRecorder } from "../../../src/watch/session-recorder.ts";
import { WatchEvents } from "../../../src/watch/watch-events.ts";
import type { WatchListener } from "../../../src/watch/watch-listener.ts";
import { WatchSession } from "../../../src/watch/watch-session.ts";
import { forgetfulExecutor } from "../../support/machine-commands.ts";
import { runCli } from "../../support/run-cli.ts";
import { SetClocks } from "../../support/set-clocks.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const MINUTE = 60_000;
const PIPELINE =
  "{ version: 1, buffer: { key: sensor }, detectors: [ { name: quiet, algorithm: silent, after: 1m } ] }";

const readings = (...sensors: readonly string[]): string[] =>
  sensors.map((sensor) => `{"sensor":"${sensor}","temperature":21}`);

it("a clock that is set forward makes no sensor silent, neither live nor in a replay of the session recording", async () => {
  const cwd = await tempFolder();
  const clocks = new SetClocks(START);
  const machine = new StateMachine();
  const messages: string[] = [];
  let scored = 0;
  const listener: WatchListener = {
    rows: (_, { read }, alerts) => {
      scored += read.batch.length;
      messages.push(...alerts.map(({ body }) => JSON.stringify(body)));
    },
  };
  const feedRows = async (give: (lines: string[]) => unknown, sensors: string): Promise<void> => {
    const wanted = scored + sensors.length;
    give(readings(...sensors));
    while (scored < wanted) await sleep(5);
  };
  const source: LiveSource = {
    ...{ label: "board", stem: "board", isDevice: false, path: null },
    async run(feed) {
      const give = (some: string[]): unknown =>
        feed.lines({
          lines: some,
          repaired: 0,
          firstLine: 1,
          arrivalMs: clocks.wall(),
          position: null,
        });
      await feedRows(give, "abc".repeat(8));
      clocks.pass(1000);
      clocks.wallMs += DAY;
      await feedRows(give, "ab");
      clocks.pass(MINUTE - 500);
      await feedRows(give, "a");
    },
  };
  const files = await SessionRecordingWriter.create(
    join(cwd, "rec.jsonl"),
    "rec.jsonl",
    () => START,
  );
  const events = new WatchEvents(
    [listener, new SessionRecorder(files, ["board"])],
    new AlertDelivery(expect.fail),
  );
  machine.listen(events);
  const open = (name: string): OpenEvents => new OpenEvents(join(cwd, name), expect.fail);
  const loaded = parsePipeline(PIPELINE, "plant.yaml", {});
  await new WatchSession({
    ...{ machine, commands: forgetfulExecutor(machine), events, clocks, history: null },
    ...{ name: "plant", file: loaded, limit: Number.MAX_VALUE },
    sources: [{ source, options: { format: "auto", decode: { rename: {} }, set: {} } }],
    ...{
      openDowns: open("down.json"),
      openImplausible: open("implausible.json"),
      openRejected: open("rejected.json"),
    },
    clockEvents: new ClockEvents(events, open("ahead.json")),
    strict: false,
  }).run(new AbortController().signal);
  await files.close();
  const brief = messages
    .map((body) => JSON.parse(body))
    .map((body) => [body.status, body.sensor_id]);
  expect(brief).toEqual([["firing", "c"]]);
  expect(JSON.parse(messages[0] ?? "").timestamp).toBe(
    new Date(START + DAY + MINUTE).toISOString(),
  );
  const recorded = await readFile(join(cwd, "rec.jsonl"), "utf8");
  expect(recorded).toContain(`{"pause":{"from":${START},"to":${START + DAY}}}\n`);
  for (const workers of ["1", "2"]) {
    const args = ["replay", "rec.jsonl", "--format", "jsonl", "--workers", workers];
    const { stdout, stderr } = await runCli(args, { cwd });
    expect(stdout, stderr).toBe(messages.map((body) => `${body}\n`).join(""));
  }
});
