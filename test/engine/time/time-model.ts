/**
 * The rules of times, the slow and plain way: one object a sensor, every count made anew.
 *
 * @module
 */
const DAY = 86_400_000;
const YEAR = 365 * DAY;

interface Sensor {
  readonly key: number;
  /** Believed times, the newest last; a clock that is set empties it. */
  last: number;
  readings: number;
  gap: number;
  held: { readonly row: number; readonly time: number } | null;
  behind: number;
  lags: boolean;
  /** Where its time began; Infinity: its clock was set there. */
  began: number;
  /** Since when, and at which stream clock, it runs ahead. */
  lead: { readonly time: number; readonly clock: number } | null;
}

/** The start of a stream: its first sensor, and a time that speaks against it. */
interface Start {
  readonly key: number;
  readings: number;
  rival: number;
  rivalClock: number;
}

/** A row that passes. */
export interface ModelRow {
  readonly row: number;
  readonly eventTime: number;
  readonly clock: number;
  readonly isSet: boolean;
}

export class TimeModel {
  readonly rows: ModelRow[] = [];
  readonly rejected: number[] = [];
  watermark = Number.NEGATIVE_INFINITY;
  clock = Number.NEGATIVE_INFINITY;
  readonly #sensors = new Map<number, Sensor>();
  /** Sensors that run ahead, in the order in which they began to. */
  #leads: Sensor[] = [];
  #start: Start | null = null;
  readonly #maxJump: number | null;

  /** @param maxJump Limit of every sensor, ms; null: by its gaps. */
  constructor(maxJump: number | null) {
    this.#maxJump = maxJump;
  }

  take(row: number, key: number, time: number): void {
    const sensor = this.#sensors.get(key) ?? {
      ...{ key, last: Number.NEGATIVE_INFINITY, readings: 0, gap: 0, held: null },
      ...{ behind: 0, lags: false, began: Number.NaN, lead: null },
    };
    this.#sensors.set(key, sensor);
    const limit = this.#limitOf(sensor);
    if (sensor.held !== null) {
      const { held } = sensor;
      sensor.held = null;
      if (time >= held.time - limit) this.#release(sensor, held, time);
      else this.rejected.push(held.row);
    }
    this.#judge(sensor, row, time);
  }

  end(): void {
    for (const { held } of this.#sensors.values()) if (held !== null) this.rejected.push(held.row);
  }

  /** One day, or 100 gaps of at most 36 days; or what is set. */
  #limitOf({ gap }: Sensor): number {
    return this.#maxJump ?? Math.max(DAY, 100 * Math.min(gap, 36 * DAY));
  }

  #judge(sensor: Sensor, row: number, time: number): void {
    const limit = this.#limitOf(sensor);
    const { last } = sensor;
    const known = Math.max(last, this.watermark);
    if (known > Number.NEGATIVE_INFINITY && time - known > limit) {
      if (this.#start !== null && this.#leaveStartWith(time, limit)) this.#judge(sensor, row, time);
      else sensor.held = { row, time };
      return;
    }
    if (time < last - limit) {
      sensor.behind += 1;
      if (sensor.readings > 1 && sensor.behind < 3) this.#pass(row, last, false);
      else this.#setBack(sensor, row, time);
      return;
    }
    sensor.behind = 0;
    if (time < last) {
      sensor.readings = 2;
      this.#pass(row, last, false);
      return;
    }
    const isCorrected = sensor.lags && time - last > limit && time >= this.watermark - limit;
    learn(sensor, time - last);
    sensor.readings += 1;
    this.#believe(sensor, time);
    if (isCorrected) sensor.began = time;
    this.#pass(row, time, isCorrected);
  }

  #release(sensor: Sensor, held: { row: number; time: number }, next: number): void {
    const { began, last } = sensor;
    const leap = held.time - last;
    const wasSetBack = sensor.lags && began === Number.POSITIVE_INFINITY;
    const isNew = sensor.readings > 0 && last - began <= (this.#maxJump ?? DAY);
    const isSet = wasSetBack || (isNew && leap > YEAR && leap > 100 * (next - held.time));
    sensor.lags = false;
    sensor.behind = 0;
    learn(sensor, Math.min(leap, next - held.time));
    this.#believe(sensor, held.time);
    sensor.readings = Math.max(1, sensor.readings);
    if (isSet) sensor.began = held.time;
    this.#pass(held.row, held.time, isSet);
  }

  /** Whether a reading at `time` and another sensor outvote the first reading of the stream. */
  #leaveStartWith(time: number, limit: number): boolean {
    const agreeing = this.#heldNear(time, limit);
    if (agreeing !== null) this.#outvoteStart(agreeing);
    else if (this.#leads.some(({ last }) => Math.abs(last - time) <= limit)) {
      const { clock } = this;
      this.#leapOnce();
      this.clock = clock;
    } else return false;
    return true;
  }

  #heldNear(time: number, limit: number): Sensor | null {
    const sensors = [...this.#sensors.values()].sort((a, b) => a.key - b.key);
    return sensors.find(({ held }) => held !== null && Math.abs(held.time - time) <= limit) ?? null;
  }

  /** The first reading of the stream was far behind, say two sensors. */
  #outvoteStart(sensor: Sensor): void {
    const { row, time } = sensor.held as { row: number; time: number };
    const isSet = sensor.readings > 0;
    sensor.held = null;
    sensor.lags = false;
    sensor.behind = 0;
    this.#leaveStart();
    this.watermark = time;
    this.#believe(sensor, time);
    sensor.readings = Math.max(1, sensor.readings);
    if (isSet) sensor.began = time;
    this.#pass(row, time, isSet);
  }

  #leaveStart(): void {
    const first = this.#sensors.get(this.#start?.key ?? -1);
    if (first !== undefined) first.lags = true;
    this.#start = null;
  }

  #pass(row: number, eventTime: number, isSet: boolean): void {
    this.rows.push({ row, eventTime, clock: this.clock, isSet });
  }

  #believe(sensor: Sensor, time: number): void {
    sensor.last = time;
    const isBehind = time < this.watermark - this.#limitOf(sensor);
    const isFirst = Number.isNaN(sensor.began);
    if (isFirst) sensor.began = time;
    sensor.lags =
      isBehind && (isFirst || (sensor.lags && time - sensor.began <= (this.#maxJump ?? DAY)));
    if (this.watermark === Number.NEGATIVE_INFINITY) {
      this.watermark = time;
      this.clock = time;
      this.#start = { key: sensor.key, readings: 1, rival: Number.NaN, rivalClock: Number.NaN };
    } else if (sensor.lead !== null) this.#catchUp(sensor, time);
    else if (time - this.watermark > this.#limitOf(sensor)) {
      sensor.lead = { time, clock: this.clock };
      this.#leads.push(sensor);
      this.#leap();
    } else if (this.#start !== null) this.#atStart(sensor, time);
    else this.#advance(time);
  }

  #setBack(sensor: Sensor, row: number, time: number): void {
    const before = sensor.last;
    sensor.last = time;
    sensor.behind = 0;
    sensor.lags = true;
    sensor.began = Number.POSITIVE_INFINITY;
    sensor.readings = 2;
    if (sensor.lead !== null) this.#catchUp(sensor, time);
    if (this.#start !== null) this.#atStart(sensor, time);
    else if (before >= this.watermark - this.#limitOf(sensor)) {
      const others = [...this.#sensors.values()].filter(({ lead }) => lead === null);
      const newest = Math.max(...others.map(({ last }) => last));
      if (newest > Number.NEGATIVE_INFINITY && this.watermark - newest > (this.#maxJump ?? DAY)) {
        this.watermark = newest;
      }
    }
    this.#pass(row, time, true);
  }

  /** The stream clock goes as far as the watermark does. */
  #advance(time: number): void {
    if (time <= this.watermark) return;
    this.clock += time - this.watermark;
    this.watermark = time;
  }

  #catchUp(sensor: Sensor, time: number): void {
    if (time - this.watermark > this.#limitOf(sensor)) return;
    sensor.lead = null;
    this.#leads = this.#leads.filter((one) => one !== sensor);
    this.#advance(time);
  }

  #atStart(sensor: Sensor, time: number): void {
    const start = this.#start as Start;
    const limit = this.#limitOf(sensor);
    if (Math.abs(time - this.watermark) <= limit) {
      if (sensor.key === start.key) start.readings += 1;
      if (sensor.key !== start.key || start.readings === 3) this.#start = null;
      this.#advance(time);
    } else if (Math.abs(time - start.rival) <= limit) {
      this.watermark = Math.max(time, start.rival);
      this.clock = Math.max(this.clock, start.rivalClock + this.watermark - start.rival);
      this.#start = null;
      for (const one of [...this.#sensors.values()].sort((a, b) => a.key - b.key)) {
        if (one.lead !== null || one.last - this.watermark <= this.#limitOf(one)) continue;
        one.lead = { time: one.last, clock: this.clock };
        this.#leads.push(one);
      }
    } else {
      start.rival = time;
      start.rivalClock = this.clock;
    }
  }

  #leap(): void {
    for (;;) {
      const near = [...this.#sensors.values()].filter(
        (one) => one.lead === null && one.last >= this.watermark - this.#limitOf(one),
      );
      if (this.#leads.length <= near.length) return;
      this.#leapOnce();
    }
  }

  #leapOnce(): void {
    const target = Math.min(...this.#leads.map(({ last }) => last));
    const joined = this.#leads.filter((one) => one.last - target <= this.#limitOf(one));
    const newest = Math.max(...joined.map(({ last }) => last));
    const [first] = joined;
    if (first?.lead) this.clock = Math.max(this.clock, first.lead.clock + newest - first.lead.time);
    this.watermark = newest;
    this.#leaveStart();
    this.#leads = this.#leads.filter((one) => !joined.includes(one));
    for (const one of joined) one.lead = null;
  }
}

/** The usual gap: at most twice and at least half of the one before. */
function learn(sensor: Sensor, gap: number): void {
  if (!(gap > 0) || gap === Number.POSITIVE_INFINITY) return;
  const { gap: usual } = sensor;
  sensor.gap = usual === 0 ? gap : Math.min(2 * usual, Math.max(usual / 2, gap));
}
