import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { KeyTable } from "../../../src/core/key-table.ts";
import { BatchBuilder } from "../../../src/io/decoders/batch-builder.ts";
import type { InputProfile } from "../../../src/io/decoders/decoder.ts";
import type { LineFormat } from "../../../src/io/decoders/line-format.ts";
import { lineFormats } from "../../../src/io/decoders/line-formats.ts";
import { decoders } from "../../../src/io/decoders/registry.ts";
import { TextDictionary } from "../../../src/io/decoders/text-dictionary.ts";
import { Random } from "../../support/random.ts";
import { layoutOf, plainRows } from "../../support/read-csv.ts";

/** Lines that each format is tried on; all of the million with IOTMON_FUZZ_LINES=1000000. */
const LINES = Number(process.env["IOTMON_FUZZ_LINES"] ?? 4000);
const SLOWEST_MS = 50;

const SAMPLES = {
  csv: ["id,temp,note", 'a,21.5,"x, y"', "b,22,", "a,-3e-2,ok"],
  jsonl: [
    '{"id":"a","temp":21.5,"in":{"hum":[40,true]}}',
    '{"temp":null,"id":"b"}',
    '{"temp":"3"}',
  ],
  keyvalue: ["id=a temp=21.5 hum: 40 %", 'id="b c";temp=22;hum=41', "12:00:01 -> temp: 3 °C"],
  influx: [
    "m,id=a temp=21.5,hum=40i 1767225600000000000",
    'm,id=b\\ c temp=3,s="a \\"b" 1767225601000000000',
  ],
} as const;
const SPICES = [
  '"',
  ",",
  ";",
  ":",
  "=",
  " ",
  "\t",
  "\\",
  "{",
  "}",
  "[",
  "1e400",
  "-",
  "\0",
  "\ufffd",
  "é",
  "\r",
  "€",
  "NaN",
];

/** A line of the sample with parts left out, doubled, replaced, or made long. */
function mutated(samples: readonly string[], random: Random): string {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random.uniform() * of.length)] as T;
  let line = pick(samples);
  for (let n = Math.floor(random.uniform() * 5); n > 0; n--) {
    const at = Math.floor(random.uniform() * (line.length + 1));
    const to = at + Math.floor(random.uniform() * 8);
    const part =
      random.uniform() < 0.01 ? pick(SPICES).repeat(70_000) : pick([...SPICES, line.slice(at, to)]);
    line = line.slice(0, at) + part + line.slice(random.uniform() < 0.5 ? at : to);
  }
  return line;
}

/** Shortest time of so many goes at a line, ms. */
function fastestOf(times: number, read: () => unknown, format: LineFormat, line: string): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    read();
    format.kindOf(line);
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

function openReader(format: LineFormat, samples: readonly string[]) {
  const profile = format.profile([...samples, ...samples, ...samples], "port", { rename: {} });
  if (profile === null) throw new Error(`${format.name} has no profile`);
  const layout = { ...layoutOf(profile), key: "id", text: [] };
  const keys = new KeyTable(1000);
  const dictionaries = layout.text.map(() => new TextDictionary());
  const reader = format.reader(profile, { layout, keys, dictionaries });
  return { reader, layout, profile, keys, dictionaries };
}

describe.each(Object.values<LineFormat>(lineFormats))("lines of $name", (format) => {
  const samples = SAMPLES[format.name as keyof typeof SAMPLES];

  it("never throw, are never slow, and never fill the memory, whatever they are", () => {
    const random = new Random(7);
    const { reader, layout, keys } = openReader(format, samples);
    let batch = new BatchBuilder(layout, 1000);
    let slowest = 0;
    let rows = 0;
    let pauses = 0;
    const spare = new BatchBuilder(layout, 1000);
    const before = process.memoryUsage().heapUsed;
    for (let number = 1; number <= LINES; number++) {
      const line = mutated(samples, random);
      const start = performance.now();
      const outcome = reader.read(line, number, number, batch);
      format.kindOf(line);
      const took = performance.now() - start;
      // what is slow by itself is slow again; a pause of the machine or of the collector is not
      if (took > SLOWEST_MS) {
        pauses += 1;
        slowest = Math.max(
          slowest,
          fastestOf(3, () => reader.read(line, number, number, spare), format, line),
        );
      } else slowest = Math.max(slowest, took);
      if (outcome === "row") rows += 1;
      else if (outcome !== "none") expect(outcome.reason.length).toBeGreaterThan(0);
      if (batch.isFull) batch = new BatchBuilder(layout, 1000);
    }
    const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    if (process.env["IOTMON_FUZZ_LINES"] !== undefined) {
      process.stdout.write(
        `${format.name}: ${LINES} lines, ${rows} rows, slowest ${slowest.toFixed(1)} ms, ${pauses} pauses, heap +${megabytes.toFixed(0)} MiB\n`,
      );
    }
    expect(rows).toBeGreaterThan(LINES / 20);
    expect(keys.size).toBeLessThanOrEqual(1000);
    expect(megabytes).toBeLessThan(300);
    if (process.env["IOTMON_FUZZ_LINES"] !== undefined) expect(slowest).toBeLessThan(SLOWEST_MS);
  }, 1_800_000);

  it("give the same readings as a recording of them", async () => {
    const random = new Random(11);
    const lines: string[] = [...samples, ...samples, ...samples];
    for (let i = 0; i < 300; i++) {
      const line = mutated(samples, random);
      // what was no UTF-8 is known by its replacement here, and by its bytes there
      if (!/[\r\0\ufffd]/.test(line) && !(format.name === "csv" && line.includes('"')))
        lines.push(line);
    }
    const { reader, layout, profile, keys, dictionaries } = openReader(format, samples);
    const batch = new BatchBuilder(layout, lines.length);
    const faults: string[] = [];
    for (const [i, line] of lines.entries()) {
      const outcome = reader.read(line, i + 1, 0, batch);
      if (typeof outcome === "object") faults.push(outcome.reason);
    }
    const read = plainRows(batch.build(0, dictionaries), keys);
    const recorded: typeof read = [];
    const rejects: string[] = [];
    const keysToo = new KeyTable(1000);
    const decoder = decoders[format.name as keyof typeof decoders];
    const context = { layout, keys: keysToo, dictionaries, startMs: 0, source: 0, input: "x" };
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    const decode = decoder.decode as (
      chunks: AsyncIterable<Uint8Array>,
      profile: InputProfile,
      context: object,
    ) => ReturnType<typeof decoder.decode>;
    const reject = ({ reason }: { reason: string }) => rejects.push(reason);
    for await (const part of decode(Readable.from([bytes]), profile, { ...context, reject })) {
      recorded.push(...plainRows(part, keysToo));
    }
    const values = (rows: typeof read) => rows.map(({ key, numbers }) => [key, ...numbers]);
    expect(values(recorded)).toEqual(values(read));
    expect(read.length).toBeGreaterThan(20);
    expect(rejects.filter((reason) => reason !== "repeated header")).toEqual(faults);
  });
});
