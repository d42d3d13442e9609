import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AlertBody } from "../../../src/io/messages/alert-schema.ts";
import { AlertDelivery } from "../../../src/io/outbox/alert-delivery.ts";
import type { LiveSource, SourceEvent } from "../../../src/io/sources/live/live-source.ts";
import { OpenEvents } from "../../../src/state/open-events.ts";
import { SourceEvents } from "../../../src/watch/operational-events/source-events.ts";
import { WatchEvents } from "../../../src/watch/watch-events.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const PORT: LiveSource = {
  ...{ label: "/dev/ttyUSB0", stem: "ttyUSB0", isDevice: true, path: null },
  run: async () => {},
};

/** The source events of one session. */
function run(file: string) {
  const messages: AlertBody[] = [];
  const warnings: string[] = [];
  const events = new WatchEvents(
    [{ ops: (body) => void messages.push(body) }],
    new AlertDelivery(() => {}),
  );
  events.setLabels({ site: "north", event: "mine" });
  const downs = new OpenEvents(file, (text) => void warnings.push(text));
  return { messages, warnings, ops: new SourceEvents(events, "kiln", downs) };
}

const event = (kind: SourceEvent["kind"], atMs: number): SourceEvent => ({
  ...{ kind, atMs },
  detail: `it is ${kind}`,
  lines: 0,
});

describe("SourceEvents", () => {
  it("resolves a message of the last session", async () => {
    const file = join(await tempFolder(), "down.json");
    const first = run(file);
    first.ops.source(PORT, event("down", 1e12));
    const second = run(file);
    second.ops.begin([PORT], 1e12 + 5000);
    second.ops.source(PORT, event("down", 1e12 + 5000));
    second.ops.source(PORT, event("up", 1e12 + 9000));
    expect(first.messages.map(({ status }) => status)).toEqual(["firing"]);
    expect(second.messages.map(({ status }) => status)).toEqual(["resolved"]);
    expect(second.messages[0]?.episode).toBe(first.messages[0]?.episode);
    const third = run(file);
    third.ops.source(PORT, event("up", 1e12 + 20_000));
    expect(third.messages).toEqual([]);
  });

  it("resolves the message of a source that is no longer watched", async () => {
    const file = join(await tempFolder(), "down.json");
    run(file).ops.source(PORT, event("down", 1e12));
    const { messages, ops } = run(file);
    ops.begin([], 1e12 + 60_000);
    expect(messages).toMatchObject([{ status: "resolved", sensor_id: "ttyUSB0" }]);
  });

  it("adds the labels of the pipeline to its messages, but keeps its own event label", async () => {
    const { messages, ops } = run(join(await tempFolder(), "down.json"));
    ops.source(PORT, event("down", 1e12));
    expect(messages[0]?.labels).toEqual({ site: "north", event: "source_down" });
  });

  it("continues when its file is damaged or can't be written", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "down.json"), '{"x":{"subject":1}, "y":');
    const damaged = run(join(folder, "down.json"));
    damaged.ops.source(PORT, event("down", 1e12));
    expect(damaged.messages).toHaveLength(1);
    const nowhere = run(join(folder, "none", "down.json"));
    nowhere.ops.source(PORT, event("down", 1e12));
    expect(nowhere.messages).toHaveLength(1);
    expect(nowhere.warnings).toHaveLength(1);
  });
});
