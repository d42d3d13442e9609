import fc from "fast-check";
import { expect, it } from "vitest";
import {
  EventReader,
  type ServerEvent,
} from "../../../../../src/http/page/client/server/read-events.ts";

const STREAM = [
  ": hello\n\n",
  "retry: 1000\nid: 7\nevent: score\ndata: {}\n\n",
  "id: 8\r\nevent: alert\r\ndata: a\r\ndata:b\r\n\r\n",
  "event: nothing\n\n",
  "data: ümläut: with colon\n\n",
].join("");

const EVENTS: readonly ServerEvent[] = [
  { id: "7", type: "score", data: "{}" },
  { id: "8", type: "alert", data: "a\nb" },
  { id: "8", type: "message", data: "ümläut: with colon" },
];

it("reads the same events, wherever the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
      const chunks = at.slice(1).map((end, i) => STREAM.slice(at[i], end));
      const reader = new EventReader();
      expect(chunks.flatMap((chunk) => reader.read(chunk))).toEqual(EVENTS);
    }),
  );
});

it("waits for the rest of an incomplete event", () => {
  const reader = new EventReader();
  expect(reader.read("data: 1\n")).toEqual([]);
  expect(reader.read("\n")).toEqual([{ id: "", type: "message", data: "1" }]);
});
