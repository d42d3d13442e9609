import { describe, expect, it } from "vitest";
import { chooseColumns } from "../../../../src/io/decoders/columns/column-choice.ts";

const numbers = (...names: string[]) => names.map(() => "number" as const);

describe("chooseColumns", () => {
  it.each([
    ["rssi"],
    ["node1_rssi"],
    ["uplink_message.rx_metadata.0.snr"],
    ["Wifi.Channel"],
    ["batteryLevel (%)"],
    ["battery"],
    ["vbat"],
    ["Heap"],
    ["free_heap"],
    ["linkquality"],
    ["UptimeSec"],
    ["LoadAvg"],
    ["signal strength"],
  ])("leaves out %s beside a measurement", (name) => {
    expect(chooseColumns(["t", name], numbers("t", name), undefined)).toEqual(["number", "device"]);
  });

  it.each([
    ["temperature"],
    ["signal"],
    ["battery_temperature"],
    ["channel 1"],
    ["sheap"],
    ["trssi"],
  ])("keeps %s", (name) => {
    expect(chooseColumns(["t", name], numbers("t", name), undefined)[1]).toBe("number");
  });

  it("keeps columns about the device if nothing else is a number", () => {
    const names = ["rssi", "battery"];
    expect(chooseColumns(names, numbers(...names), undefined)).toEqual(["number", "number"]);
    expect(chooseColumns(["id", "rssi"], ["text", "number"], undefined)).toEqual([
      "text",
      "number",
    ]);
  });

  it("reads included columns, also running numbers and columns about the device", () => {
    const choice = { include: ["*_rssi", "n"], exclude: [] };
    const roles = chooseColumns(
      ["t", "a_rssi", "snr", "n", "row"],
      ["number", "number", "number", "index", "index"],
      choice,
    );
    expect(roles).toEqual(["number", "number", "device", "number", "index"]);
  });

  it("leaves out excluded columns of any role, unless they are included too", () => {
    const choice = { include: ["t"], exclude: ["*"] };
    const roles = chooseColumns(["time", "t", "id"], ["timestamp", "number", "text"], choice);
    expect(roles).toEqual(["excluded", "number", "excluded"]);
  });

  it("takes characters of patterns literally, except the asterisk", () => {
    const choice = { include: [], exclude: ["a.b", "c(*)"] };
    const names = ["a.b", "axb", "c(1)", "c1"];
    expect(chooseColumns(names, numbers(...names), choice)).toEqual([
      "excluded",
      "number",
      "excluded",
      "number",
    ]);
  });
});
