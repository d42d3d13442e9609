import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { KeyTable } from "../../../../src/core/key-table.ts";
import type { Decoder, FileDecoder } from "../../../../src/io/decoders/decoder.ts";
import type { InputProfile } from "../../../../src/io/decoders/input-profile.ts";
import type {
  LineFormat,
  LineOutcome,
  LineReader,
} from "../../../../src/io/decoders/lines/line-format.ts";
import { decoderOf, type decoders, lineFormats } from "../../../../src/io/decoders/registry.ts";
import { BatchBuilder } from "../../../../src/io/decoders/rows/batch-builder.ts";
import { TextDictionary } from "../../../../src/io/decoders/rows/text-dictionary.ts";
import { MAX_LINE_BYTES } from "../../../../src/io/framing/line-framer.ts";
import { Random } from "../../../support/random.ts";
import { layoutOf, plainRows } from "../../../support/read-csv.ts";
import { heapInUse, Slowest } from "../../../support/slowest.ts";

/** Lines that each format is tried on; all of the million with IOTMON_FUZZ_LINES=1000000. */
const LINES = Number(process.env["IOTMON_FUZZ_LINES"] ?? 4000);
const SLOWEST_MS = 50;
/** What may be in use more than after the first tenth of the lines, MiB: keys, and what the engine compiles. */
const MAX_GROWTH = 10;

interface Samples {
  /** Column that names the sensor. */
  readonly key: string;
  readonly lines: readonly string[];
}

type LineFormatName = Exclude<(typeof decoders)[number], FileDecoder>["name"];

/** Lines of every format, which the tests change at random. */
const SAMPLES: Readonly<Record<LineFormatName, Samples>> = {
  csv: { key: "id", lines: ["id,temp,note", 'a,21.5,"x, y"', "b,22,", "a,-3e-2,ok"] },
  jsonl: {
    key: "id",
    lines: [
      '{"id":"a","temp":21.5,"in":{"hum":[40,true]}}',
      '{"temp":null,"id":"b"}',
      '{"temp":"3"}',
    ],
  },
  keyvalue: {
    key: "id",
    lines: ["id=a temp=21.5 hum: 40 %", 'id="b c";temp=22;hum=41', "12:00:01 -> temp: 3 °C"],
  },
  influx: {
    key: "id",
    lines: [
      "m,id=a temp=21.5,hum=40i 1767225600000000000",
      'm,id=b\\ c temp=3,s="a \\"b" 1767225601000000000',
    ],
  },
};
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

/** A line of the sample with parts left out, doubled, replaced, or repeated up to the longest line there is. */
function mutated(samples: readonly string[], random: Random): string {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random.uniform() * of.length)] as T;
  let line = pick(samples);
  for (let n = Math.floor(random.uniform() * 5); n > 0; n--) {
    const at = Math.floor(random.uniform() * (line.length + 1));
    const to = at + Math.floor(random.uniform() * 8);
    const part = pick([...SPICES, line.slice(at, to)]);
    const times = random.uniform() < 0.002 ? Math.ceil(MAX_LINE_BYTES / (part.length + 1)) : 1;
    line = line.slice(0, at) + part.repeat(times) + line.slice(random.uniform() < 0.5 ? at : to);
  }
  return line.slice(0, MAX_LINE_BYTES);
}

function openReader(format: LineFormat, { key, lines }: Samples) {
  const profile = format.profile([...lines, ...lines, ...lines], "port", { rename: {} });
  if (profile === null) throw new Error(`${format.name} has no profile`);
  const layout = { ...layoutOf(profile), key, text: [] };
  const keys = new KeyTable(1000);
  const dictionaries = layout.text.map(() => new TextDictionary());
  const reader = format.reader(profile, { layout, keys, dictionaries });
  return { reader, layout, profile, keys, dictionaries };
}

/** Reads mutated lines, as many as are wanted. */
function fuzz(format: LineFormat, samples: Samples) {
  const random = new Random(7);
  const { reader, layout, keys, profile } = openReader(format, samples);
  const slowest = new Slowest(SLOWEST_MS / 10);
  const heap: number[] = [];
  let rows = 0;
  for (let tenth = 0; tenth < 10; tenth++) {
    let batch = new BatchBuilder(layout, 1000);
    for (let n = 0; n < LINES / 10; n++) {
      const line = mutated(samples.lines, random);
      const read = (of: LineReader, into: BatchBuilder): LineOutcome => {
        format.kindOf(line);
        format.rehead?.(profile, line, { rename: {} });
        return of.read(line, n + 1, n, into);
      };
      if (batch.isFull) batch = new BatchBuilder(layout, 1000);
      const outcome = slowest.time(
        line,
        () => read(reader, batch),
        () => read(openReader(format, samples).reader, new BatchBuilder(layout, 1)),
      );
      if (outcome === "row") rows += 1;
      else if (outcome !== "none") expect(outcome.reason.length).toBeGreaterThan(0);
    }
    heap.push(heapInUse());
  }
  const [first = 0, ...later] = heap;
  return { rows, keys: keys.size, slowest, growth: Math.max(...later) - first };
}

describe.each(lineFormats)("lines of $name", (format) => {
  const samples = SAMPLES[format.name as LineFormatName];

  it("never throw, slow down or fill memory, whatever they contain", () => {
    const { rows, keys, slowest, growth } = fuzz(format, samples);
    if (process.env["IOTMON_FUZZ_LINES"] !== undefined) {
      const time = `slowest ${slowest.ms.toFixed(1)} ms (${slowest.suspects} measured again)`;
      process.stdout.write(
        `${format.name}: ${LINES} lines, ${rows} rows, ${time}, heap +${growth.toFixed(1)} MiB\n${slowest.line}\n`,
      );
    }
    expect(rows).toBeGreaterThan(LINES / 20);
    expect(keys).toBeLessThanOrEqual(1000);
    expect(growth).toBeLessThan(MAX_GROWTH);
    expect(slowest.ms, slowest.line).toBeLessThan(SLOWEST_MS);
  }, 3_600_000);

  it("give the same readings as a recording of them", async () => {
    const random = new Random(11);
    const lines = [...samples.lines, ...samples.lines, ...samples.lines];
    for (let i = 0; i < 300; i++) {
      const line = mutated(samples.lines, random);
      // what was no UTF-8 is known by its replacement here, and by its bytes there
      if (!/[\r\0\ufffd]/.test(line) && !(format.name === "csv" && line.includes('"')))
        lines.push(line);
    }
    // words at the end would be a footer there
    lines.push(samples.lines.at(-1) as string);
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
    const decoder = decoderOf(format.name) as Decoder;
    const context = { layout, keys: keysToo, dictionaries, startMs: 0, source: 0, input: "x" };
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    const decode = decoder.decode as (
      chunks: AsyncIterable<Uint8Array>,
      profile: InputProfile,
      context: object,
    ) => ReturnType<Decoder["decode"]>;
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
