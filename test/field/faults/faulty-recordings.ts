import type { Random } from "../../support/random.ts";

const START = Date.UTC(2026, 2, 2);
const MINUTE = 60_000;

/** A recording with one fault that its generator knows. */
export interface FaultyRecording {
  readonly csv: string;
  readonly fault: {
    /** Part of the sensor's name; "" if the recording has one sensor. */
    readonly sensor: string;
    readonly from: number;
    readonly to: number;
  };
  /** Sensors times weeks. */
  readonly sensorWeeks: number;
}

/** Values of one column, a minute apart, with a fault over `rows` of them. */
interface Column {
  readonly values: number[];
  readonly from: number;
  readonly rows: number;
}

/** Noise with memory (AR .8) and standard deviation 1. */
function movement(random: Random, length: number): number[] {
  let last = random.normal();
  return Array.from({ length }, () => {
    last = 0.8 * last + 0.6 * random.normal();
    return last;
  });
}

function place(random: Random, length: number): number {
  return Math.floor(length * (0.4 + 0.5 * random.uniform()));
}

function add({ values, from, rows }: Column, height: number): void {
  for (let i = from; i < from + rows; i++) values[i] = (values[i] as number) + height;
}

function written({ values, from, rows }: Column, stepMs = MINUTE): FaultyRecording {
  const time = (i: number): string => new Date(START + i * stepMs).toISOString();
  const lines = values.map((value, i) => `${time(i)},${Number(value.toFixed(3))}`);
  return {
    csv: ["time,value", ...lines, ""].join("\n"),
    fault: { sensor: "", from: START + from * stepMs, to: START + (from + rows) * stepMs },
    sensorWeeks: (values.length * stepMs) / (7 * 24 * 60 * MINUTE),
  };
}

/** A column with noise about 20, and a step of `height` standard deviations. */
function step(random: Random, height: number, length = 3000): Column {
  const values = movement(random, length).map((value) => 20 + value);
  const column = { values, from: place(random, length), rows: 20 };
  add(column, height);
  return column;
}

/** Recordings by what is difficult about them. */
export const FAULTY: Readonly<Record<string, (random: Random) => FaultyRecording>> = {
  "a plain column": (random) => written(step(random, 12)),

  "error codes among the values": (random) => {
    const code = random.uniform() < 0.5 ? -127 : -9999;
    const column = step(random, 12);
    const { values, from, rows } = column;
    for (const i of values.keys()) {
      const isFault = i >= from && i < from + rows;
      if (!isFault && random.uniform() < 0.01) values[i] = code;
    }
    return written(column);
  },

  "a meter": (random) => {
    const rates = movement(random, 3000).map((rate) => 1 + 0.1 * rate);
    const from = place(random, rates.length);
    const column = { values: rates, from, rows: 20 };
    add(column, 2);
    let total = 500;
    const values = rates.map((rate) => {
      total += Math.max(0, rate);
      return total;
    });
    const recording = written({ ...column, values });
    return { ...recording, csv: recording.csv.replace("value", "energy_total_kwh") };
  },

  "a daily curve": (random) => {
    const length = 10 * 288;
    const values = movement(random, length).map(
      (value, i) => 20 + 5 * Math.sin((2 * Math.PI * i) / 288) + 0.3 * value,
    );
    const column = { values, from: place(random, length), rows: 12 };
    add(column, 12);
    return written(column, 5 * MINUTE);
  },

  "a coarse column": (random) => {
    const column = step(random, 10);
    return written({ ...column, values: column.values.map((value) => Math.round(value * 2) / 2) });
  },

  "a column for each of six rooms": (random) => {
    const length = 3000;
    const common = movement(random, length).map((value, i) => 2 * value + 3 * Math.sin(i / 230));
    const rooms = Array.from({ length: 6 }, (_, k) =>
      common.map((value) => 20 + 0.1 * k + value + 0.15 * random.normal()),
    );
    const hurt = Math.floor(6 * random.uniform());
    const column = { values: rooms[hurt] as number[], from: place(random, length), rows: 15 };
    add(column, 25);
    const { fault, sensorWeeks } = written(column);
    const lines = common.map((_, i) => {
      const cells = rooms.map((room) => (room[i] as number).toFixed(2));
      return [new Date(START + i * MINUTE).toISOString(), ...cells].join(",");
    });
    return {
      csv: ["time,room1,room2,room3,room4,room5,room6", ...lines, ""].join("\n"),
      fault: { ...fault, sensor: `room${hurt + 1}` },
      sensorWeeks: 6 * sensorWeeks,
    };
  },

  "bursts of ten readings": (random) => {
    const column = step(random, 12);
    const { values, from, rows } = column;
    const times = values.map((_, i) => START + Math.floor(i / 10) * 10 * MINUTE + (i % 10) * 1000);
    const lines = values.map((value, i) => {
      return `${new Date(times[i] as number).toISOString()},${value.toFixed(3)}`;
    });
    return {
      csv: ["time,value", ...lines, ""].join("\n"),
      fault: { sensor: "", from: times[from] as number, to: times[from + rows] as number },
      sensorWeeks: (values.length * MINUTE) / (7 * 24 * 60 * MINUTE),
    };
  },

  "a fault soon after the warm-up": (random) => {
    const column = { ...step(random, 0), from: 262 + Math.floor(60 * random.uniform()) };
    add(column, 15);
    return written(column);
  },
};
