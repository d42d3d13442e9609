import { Random } from "../test/support/random.ts";

/** Lines of JSON as sensors print them: slowly moving levels with noise and rare spikes. */
export class SensorLines {
  readonly #random = new Random(1);
  readonly #levels: Float64Array;
  #row = 0;

  /** @param sensors Their number; they take turns. */
  constructor(sensors: number) {
    this.#levels = new Float64Array(sensors);
  }

  /** The next lines. */
  lines(count: number, timeMs = Date.now()): string {
    const timestamp = new Date(timeMs).toISOString();
    let text = "";
    for (let i = 0; i < count; i++) {
      const sensor = this.#row++ % this.#levels.length;
      const level = 0.99 * (this.#levels[sensor] as number) + 0.14 * this.#random.normal();
      this.#levels[sensor] = level;
      const spike = this.#random.uniform() < 1e-4 ? 15 : 0;
      const temperature = round(21 + level + 0.2 * this.#random.normal() + spike);
      const humidity = round(45 - 2 * level + this.#random.normal());
      const pressure = round(1013 + 0.5 * this.#random.normal());
      const reading = { timestamp, sensor_id: `sensor-${sensor}`, temperature, humidity, pressure };
      text += `${JSON.stringify(reading)}\n`;
    }
    return text;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
