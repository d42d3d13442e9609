import { describe, expect, it } from "vitest";
import { heartbeatOf } from "../../src/config/heartbeat.ts";
import { parsePipeline } from "../../src/config/parse.ts";
import { shownDocument } from "../../src/config/sinks/shown-document.ts";

const URL = "https://uptime.example.org/push/1";

const of = (text: string, variables: Record<string, string> = {}) =>
  heartbeatOf(parsePipeline(`version: 1\n${text}`, "p.yaml", variables).config);

describe("heartbeat", () => {
  it("is called every minute by default, and allows 15 minutes of silence", () => {
    expect(of("")).toBeNull();
    const minutes = (count: number): number => count * 60_000;
    expect(of(`heartbeat: { url: "${URL}" }`)).toEqual({
      ...{ url: URL, everyMs: minutes(1), maxSilenceMs: minutes(15) },
    });
    const rules = (after: string): string =>
      `detectors: [{ algorithm: silent, name: quiet, after: ${after} }]\n`;
    const maxSilence = (text: string): number | null | undefined => of(text)?.maxSilenceMs;
    expect(maxSilence(`${rules("4h")}heartbeat: { url: "${URL}" }`)).toBe(minutes(240));
    expect(maxSilence(`${rules("1m")}heartbeat: { url: "${URL}" }`)).toBe(minutes(15));
    const set = (value: string): string =>
      `${rules("4h")}heartbeat: { url: "${URL}", max_silence: ${value} }`;
    expect(maxSilence(set("2m"))).toBe(minutes(2));
    expect(maxSilence(set('"off"'))).toBeNull();
  });

  it("keeps a secret address out of files and of shown documents", () => {
    const ping = "https://hc-ping.com/7f3a";
    expect(() => of(`heartbeat: { url: "${ping}" }`)).toThrow(
      expect.objectContaining({
        faults: [
          expect.objectContaining({
            at: "p.yaml:2:19",
            message: "heartbeat.url: is a secret, and written in the file",
          }),
        ],
      }),
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the user writes this syntax
    const text = 'heartbeat: { url: "${PING}" }';
    expect(of(text, { PING: ping })?.url).toBe(ping);
    expect(shownDocument({ heartbeat: { url: ping } })).toContain("https://hc-ping.com/…");
    expect(shownDocument({ heartbeat: { url: ping } })).not.toContain("7f3a");
  });
});
