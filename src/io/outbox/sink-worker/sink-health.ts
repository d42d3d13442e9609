/** A change of a sink's state. */
export interface SinkChange {
  readonly sink: string;
  /**
   * - `failing`: an attempt has failed.
   * - `circuit_open`: so many have failed in a row that attempts pause.
   * - `dead_letters`: a message became a dead letter.
   * - `disabled`: the receiver wants no more messages.
   * - `recovered`: a message was delivered after any of these.
   */
  readonly state: "failing" | "circuit_open" | "dead_letters" | "disabled" | "recovered";
  /** Why, without secrets; empty for `recovered`. */
  readonly reason: string;
}

/** Takes a sentence without its period for an operator, and the change of a sink that it is about. */
export type ReportDelivery = (text: string, change?: SinkChange) => void;

/** Follows the state of one sink. Reports each state once between two recoveries. */
export class SinkHealth {
  readonly #sink: string;
  readonly #report: ReportDelivery;
  /** What was reported since the last recovery. */
  readonly #reported = new Set<SinkChange["state"]>();
  #dead = 0;

  /** @param wasFailing Whether the state of an earlier run makes the first delivery a recovery. */
  constructor(sink: string, report: ReportDelivery, wasFailing: boolean) {
    this.#sink = sink;
    this.#report = report;
    if (wasFailing) this.#reported.add("failing");
  }

  /** An attempt has failed. @param isOpen Whether the circuit is open now. */
  failed(reason: string, isOpen: boolean): void {
    if (isOpen) {
      this.#tell("circuit_open", reason, `keeps failing, so attempts pause: ${reason}`);
    } else this.#tell("failing", reason, `fails, its messages are sent again: ${reason}`);
  }

  /** A message became a dead letter. */
  deadLettered(reason: string): void {
    this.#dead += 1;
    this.#tell("dead_letters", reason, `gets dead letters: ${reason}`);
  }

  /** The receiver wants no more messages. */
  disabled(reason: string): void {
    this.#tell("disabled", reason, `is switched off: ${reason}`);
  }

  /** A message was delivered. */
  delivered(): void {
    if (this.#reported.size === 0) return;
    const lost = this.#dead === 0 ? "" : `; messages that became dead letters: ${this.#dead}`;
    this.#reported.clear();
    this.#dead = 0;
    this.#tell("recovered", "", `works again${lost}`);
    this.#reported.clear();
  }

  #tell(state: SinkChange["state"], reason: string, text: string): void {
    if (this.#reported.has(state)) return;
    this.#reported.add(state);
    this.#report(`the sink ${this.#sink} ${text}`, { sink: this.#sink, state, reason });
  }
}
