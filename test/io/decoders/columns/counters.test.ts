import fc from "fast-check";
import { expect, it } from "vitest";
import { profileColumns } from "../../../../src/io/decoders/columns/profile-columns.ts";

const ROWS = 120;
const time = Array.from({ length: ROWS }, (_, i) => new Date(1.7e12 + i * 60_000).toISOString());
const wave = time.map((_, i) => String(20 + ((i * 37) % 11) / 10));

/** The column of a name among a time, a wave and other columns: its role, with a star for a meter. */
function kindOf(
  name: string,
  cells: readonly (number | string)[],
  others: Readonly<Record<string, readonly string[]>> = {},
): string | undefined {
  const columns = { time, wave, ...others, [name]: cells.map(String) };
  const sampled = Object.entries(columns).map(([key, texts]) => ({
    ...{ name: key, nameless: false, cells: texts },
  }));
  const profiled = profileColumns(sampled, 46, { input: "a.csv", arrivalMs: null });
  const found = profiled.columns.find((column) => column.name === name);
  return found === undefined ? undefined : `${found.role}${found.isMeter === true ? "*" : ""}`;
}

const count = (of: (i: number) => number): readonly number[] => time.map((_, i) => of(i));
const energy = count((i) => 100 + Math.floor(i / 3) / 1000);

it.each(["entry_id", "RECORD", "f_cnt", "uplink_message.f_cnt", "seq", "packet_no", "msgId"])(
  "%s that only grows is a running number",
  (name) => {
    expect(
      kindOf(
        name,
        count((i) => 5000 + 2 * i + (i % 3)),
      ),
    ).toBe("index");
    expect(
      kindOf(
        name,
        count((i) => (i * 7) % 30),
      ),
    ).toBe("number");
  },
);

it("a frame counter may begin again at 0, and each device has its own", () => {
  expect(
    kindOf(
      "f_cnt",
      count((i) => (i < 70 ? 900 + i : i - 70)),
    ),
  ).toBe("index");
  const device = time.map((_, i) => `node-${i % 3}`);
  const own = count((i) => [10, 7000, 3][i % 3] as number);
  const cells = count((i) => (own[i] as number) + Math.floor(i / 3));
  expect(kindOf("f_cnt", cells, { device })).toBe("index");
  expect(kindOf("f_cnt", cells)).toBe("number");
});

it("elapsed time beside a time is a running number", () => {
  for (const name of ["Time_ms", "UptimeSec", "millis"]) {
    expect(
      kindOf(
        name,
        count((i) => 46082000 + 115.74 * i),
      ),
    ).toBe("index");
  }
});

it.each(["ENERGY.Total", "energy_kwh", "Zählerstand", "pulse_count", "Import (kWh)", "Today"])(
  "%s that only grows is a meter",
  (name) => {
    expect(kindOf(name, energy)).toBe("number*");
    expect(
      kindOf(
        name,
        count((i) => (i < 60 ? 3 + i / 100 : (i - 60) / 100)),
      ),
    ).toBe("number*");
    expect(
      kindOf(
        name,
        count((i) => 3 + ((i * 7) % 5)),
      ),
    ).toBe("number");
  },
);

it("a total that does not grow in the sample is a meter by a certain name only", () => {
  const still = count(() => 812.5);
  expect(kindOf("total_increasing", still)).toBe("number*");
  expect(kindOf("energy_kwh", still)).toBe("number*");
  expect(kindOf("pulse_count", still)).toBe("number");
  expect(
    kindOf(
      "energy_kwh",
      count(() => 0),
    ),
  ).toBe("number");
});

it("a number that grows by the same amount in every row is a running number under any name", () => {
  expect(
    kindOf(
      "x",
      count((i) => 400 + 5 * i),
    ),
  ).toBe("index");
  expect(
    kindOf(
      "x",
      count((i) => 400 + 5 * i + (i === 80 ? 1 : 0)),
    ),
  ).toBe("number");
});

it("a measurement that only grows stays one", () => {
  expect(
    kindOf(
      "temperature",
      count((i) => 12 + i / 100),
    ),
  ).toBe("number");
});

it("columns that fall are no counters, whatever their name", () => {
  const names = fc.constantFrom("entry_id", "energy_kwh", "total", "seq", "count");
  const cells = fc.array(fc.integer({ min: 50, max: 99 }), { minLength: ROWS, maxLength: ROWS });
  fc.assert(
    fc.property(names, cells, (name, values) => {
      const falls = values.some((value, i) => i > 0 && value < (values[i - 1] as number));
      fc.pre(falls);
      expect(kindOf(name, values)).toBe("number");
    }),
  );
});
