import { describe, expect, it } from "vitest";
import { COMMON_BAUDS, checkBaud } from "../../../../src/io/sources/serial/baud-check.ts";
import { receiveAt } from "../../../support/uart.ts";

/** What sensors print. */
const sensors: Readonly<Record<string, (i: number) => string>> = {
  plotter: (i) => `temp:${(20 + (i % 17) / 10).toFixed(1)},hum:${40 + (i % 9)}\r\n`,
  csv: (i) => `${1000 * i},${(i * 7) % 400},${(i * 31) % 1024}\n`,
  json: (i) => `{"temp":${20 + (i % 5)},"unit":"°C"}\r\n`,
  "bare numbers": (i) => `${500 + ((i * 13) % 100)}\r\n`,
};

const printed = (sensor: (i: number) => string): string[] =>
  Array.from({ length: 40 }, (_, i) => sensor(i));

/** The first verdict that is one while bytes come, a byte a millisecond, and after how many of them. */
function firstVerdict(bytes: Uint8Array): readonly [verdict: string, bytes: number] {
  for (let length = 1; length <= bytes.length; length++) {
    const verdict = checkBaud(bytes.subarray(0, length), length);
    if (verdict !== "unknown") return [verdict, length];
  }
  return ["unknown", bytes.length];
}

const rates = COMMON_BAUDS.map((baud) => [baud] as const);

describe.each(Object.entries(sensors))("checkBaud, of a sensor that prints %s", (_, sensor) => {
  it.each(rates)("accepts %i baud within four lines", (baud) => {
    const bytes = receiveAt(baud, printed(sensor), { baud, pause: 0.01 });
    expect(bytes.toString()).toBe(printed(sensor).join(""));
    const fourLines = Buffer.from(printed(sensor).slice(0, 4).join("")).length;
    for (const cut of [0, 3]) {
      const [verdict, length] = firstVerdict(bytes.subarray(cut));
      expect(verdict).toBe("right");
      expect(length).toBeLessThan(fourLines);
    }
  });

  it.each(rates)("rejects other rates if it prints at %i baud", (sent) => {
    for (const baud of COMMON_BAUDS.filter((other) => other !== sent)) {
      for (const pause of [0, 0.0013, 0.1]) {
        const bytes = receiveAt(baud, printed(sensor), { baud: sent, pause });
        expect(firstVerdict(bytes)[0], `${sent} read at ${baud}`).not.toBe("right");
      }
    }
  });
});

describe("checkBaud", () => {
  const text = (lines: string): Uint8Array => Buffer.from(lines);

  it("accepts a single line of a sensor that rarely prints", () => {
    expect(checkBaud(text("23.4\r\n"), 1000)).toBe("unknown");
    expect(checkBaud(text("23.4\r\n"), 6000)).toBe("right");
  });

  it("waits a minute for a silent port, and for the end of a line", () => {
    expect(checkBaud(text(""), 59_000)).toBe("unknown");
    expect(checkBaud(text(""), 61_000)).toBe("wrong");
    expect(checkBaud(text("temp: 23"), 59_000)).toBe("unknown");
    expect(checkBaud(text("temp: 23"), 61_000)).toBe("wrong");
    expect(checkBaud(text("9".repeat(5000)), 1000)).toBe("wrong");
  });

  it("rejects a rate early if most bytes are unreadable, and ignores the output of a bootloader", () => {
    expect(checkBaud(Buffer.alloc(24, 0xfe), 10)).toBe("wrong");
    expect(checkBaud(Buffer.alloc(5, 0xfe), 10)).toBe("unknown");
    expect(checkBaud(Buffer.alloc(5, 0xfe), 6000)).toBe("wrong");
    expect(checkBaud(text("ready\r\nwaiting for sensor\r\ncalibrating\r\n"), 3000)).toBe("unknown");
  });
});
