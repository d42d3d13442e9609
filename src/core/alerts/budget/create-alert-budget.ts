import { IotmonError } from "../../errors.ts";
import { StateReader, StateWriter } from "../../state-codec.ts";
import { SEVERITIES, type Severity } from "../severity.ts";
import { AlertBudget, NOTHING, TOLD } from "./alert-budget.ts";

/** Nats above the bar from which an incident is a warning or critical. */
const WARNING = 1.5;
const CRITICAL = 4;
/** The smallest tail probability that detectors report. */
const SMALLEST_P = 1e-300;

/** Settings of an alert budget. */
export interface AlertBudgetOptions {
  /** Alerts that a healthy sensor may cause in a week, > 0. */
  readonly perWeek: number;
  /** Interval between readings, ms > 0; by default it is measured. */
  readonly interval?: number | null | undefined;
}

/** A reading for an alert budget. */
export interface BudgetReading {
  /** When it was taken, ms since epoch. */
  readonly time: number;
  /** Its rarity `-ln p`, nats >= 0, of which more than 690.8 do not count; null: it has no score. */
  readonly w: number | null;
  /** Whether all of its values are missing: the budget then ignores it. Default false. */
  readonly empty?: boolean | undefined;
}

/** What to report about a reading. */
export interface BudgetDecision {
  /** `told`: report an incident; `open`: a reported incident lasts; null: nothing. */
  readonly state: "told" | "open" | null;
  /** Of the incident so far; null without a state. */
  readonly severity: Severity | null;
  /** Rarity of an incident such as this, nats; null: the reading has no score. */
  readonly q: number | null;
  /** The rarity from which an incident is reported, nats; null: the reading has no score. */
  readonly bar: number | null;
}

/** The alert budget of one sensor. */
export interface ReadingBudget {
  /**
   * Takes the next reading. O(1).
   *
   * @throws {RangeError} If the time is not a number, or `w` is below 0.
   */
  observe(reading: BudgetReading): BudgetDecision;
  /** The whole state, exact to the bit. */
  snapshot(): Uint8Array;
  /**
   * Continues from a {@link snapshot} of a budget with the same settings.
   *
   * @throws {RangeError} If the bytes do not fit; the state is then unchanged.
   */
  restore(snapshot: Uint8Array): void;
}

const NO_DECISION: BudgetDecision = { state: null, severity: null, q: null, bar: null };

/**
 * Creates an alert budget: it decides which rare readings of a sensor to report, so that there are about `perWeek`
 * incidents a week if the sensor is healthy.
 *
 * @throws {IotmonError} `ERR_CONFIG` if a setting is not a number above 0.
 */
export function createAlertBudget({ perWeek, interval = null }: AlertBudgetOptions): ReadingBudget {
  checkPositive("perWeek", perWeek, "Give the alerts a week that you want, for example 1");
  if (interval !== null) checkPositive("interval", interval, "Give milliseconds, or leave it out");
  return new SingleBudget(
    () => new AlertBudget(perWeek, interval === null ? null : interval / 1000),
  );
}

function checkPositive(name: string, value: number, hint: string): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return;
  const message = `${name} must be a number above 0, not ${value}`;
  throw new IotmonError("ERR_CONFIG", message, { hint });
}

class SingleBudget implements ReadingBudget {
  readonly #create: () => AlertBudget;
  readonly #time = new Float64Array(1);
  readonly #p = new Float64Array(1);
  #budget: AlertBudget;

  constructor(create: () => AlertBudget) {
    this.#create = create;
    this.#budget = create();
  }

  observe({ time, w, empty = false }: BudgetReading): BudgetDecision {
    if (!Number.isFinite(time)) throw new RangeError(`time must be in ms since epoch, got ${time}`);
    if (empty) return NO_DECISION;
    const budget = this.#budget;
    this.#time[0] = time;
    if (w === null || Number.isNaN(w)) {
      budget.see(this.#time, 0);
      return NO_DECISION;
    }
    if (!(w >= 0)) throw new RangeError(`w must be at least 0, got ${w}`);
    this.#p[0] = Math.max(Math.exp(-w), SMALLEST_P);
    const state = budget.observe(this.#time, this.#p, 0);
    const { q, bar } = budget;
    if (state === NOTHING) return { state: null, severity: null, q, bar };
    const severity = SEVERITIES[rankOf(budget.excess)] as Severity;
    return { state: state === TOLD ? "told" : "open", severity, q, bar };
  }

  snapshot(): Uint8Array {
    const writer = new StateWriter();
    this.#budget.save(writer);
    return writer.finish();
  }

  restore(snapshot: Uint8Array): void {
    const budget = this.#create();
    const reader = new StateReader(snapshot);
    budget.load(reader);
    if (reader.remaining > 0) throw new RangeError(`${reader.remaining} bytes are left over`);
    this.#budget = budget;
  }
}

/** Index into {@link SEVERITIES}. */
function rankOf(excess: number): number {
  if (excess >= CRITICAL) return 2;
  return excess >= WARNING ? 1 : 0;
}
