import { join } from "node:path";
import { expect, it } from "vitest";
import type { AlertBody } from "../../../src/io/messages/alert-schema.ts";
import { AlertDelivery } from "../../../src/io/outbox/alert-delivery.ts";
import { OpenEvents } from "../../../src/state/open-events.ts";
import { RecordingEvents } from "../../../src/watch/operational-events/recording-events.ts";
import { WatchEvents } from "../../../src/watch/watch-events.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** The recording events of one session. */
function run(file: string) {
  const messages: AlertBody[] = [];
  const notes: string[] = [];
  const listener = {
    ops: (body: AlertBody) => void messages.push(body),
    note: (level: string, text: string) => void notes.push(`${level} ${text}`),
  };
  const events = new WatchEvents([listener], new AlertDelivery(() => {}));
  const open = new OpenEvents(file, (text) => expect.fail(text));
  return { messages, notes, recording: new RecordingEvents(events, "kiln", open) };
}

it("RecordingEvents fires when the recording stops, and resolves with the missing time when it continues", async () => {
  const { messages, notes, recording } = run(join(await tempFolder(), "recording.json"));
  recording.begin("a.jsonl", 1e12);
  recording.stopped("a.jsonl", "the disk is full", 1e12 + 5000);
  recording.resumed("a.2.jsonl", 1e12 + 60_000);
  expect(messages.map(({ status, explanation }) => [status, explanation.summary])).toEqual([
    [
      "firing",
      "recording: a.jsonl ends here, watching continues: the disk is full; recording continues in another file as soon as one can be written",
    ],
    [
      "resolved",
      "recording: recording continues in a.2.jsonl; readings since 2001-09-09T01:46:45.000Z are not recorded",
    ],
  ]);
  expect(messages[0]).toMatchObject({
    labels: { event: "recording_stopped" },
    severity: "warning",
  });
  expect(messages[1]?.episode).toBe(messages[0]?.episode);
  expect(notes).toEqual([
    "warn a.jsonl ends here, watching continues: the disk is full",
    "info recording continues in a.2.jsonl",
  ]);
});

it.each([
  ["a.2.jsonl", "recording continues in a.2.jsonl"],
  [null, "this session is not recorded"],
])("RecordingEvents resolves the stop of an earlier session: %s", async (label, detail) => {
  const file = join(await tempFolder(), "recording.json");
  run(file).recording.stopped("a.jsonl", "the disk is full", 1e12);
  const { messages, recording } = run(file);
  recording.begin(label, 1e12 + 60_000);
  expect(messages.map(({ status }) => status)).toEqual(["resolved"]);
  expect(messages[0]?.explanation.summary).toContain(detail);
  const third = run(file);
  third.recording.begin(label, 1e12 + 90_000);
  expect(third.messages).toEqual([]);
});
