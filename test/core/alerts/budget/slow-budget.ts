/** A reading as the slow budget takes it: time in seconds; w null: no score. */
export interface SlowReading {
  readonly time: number;
  readonly w: number | null;
  readonly empty: boolean;
}

/** What the slow budget says of a reading; null: it is no scored reading. */
export interface SlowDecision {
  readonly state: "told" | "open" | null;
  readonly severity: string | null;
  readonly q: number;
  readonly bar: number;
  readonly interval: number;
}

const WEEK = 604_800;
const LN_20 = Math.log(20);

/**
 * Section 11 of `docs/detector-spec.md` in its obvious form: keeps all readings, and computes what it needs from them anew.
 */
export class SlowBudget {
  readonly #perWeek: number;
  readonly #times: number[] = []; // of all readings, empty ones left out
  readonly #ws: number[] = [];
  #incidents: { peak: number; rows: number }[] = [];
  #interval = 0;
  #rows = 0;
  #rising: { peak: number; below: number } | null = null;
  #raised = 1;
  #lastTime: number | null = null;
  #open: { told: number | null; excess: number; quiet: number } | null = null;

  constructor(perWeek: number) {
    this.#perWeek = perWeek;
  }

  observe({ time, w, empty }: SlowReading): SlowDecision | null {
    if (empty) return null;
    this.#times.push(time);
    if (w === null) return null;
    this.#setInterval();
    this.#rows += 1;
    const before = this.#lastTime ?? time;
    this.#raised = Math.max(-1, this.#raised - (this.#perWeek * Math.max(0, time - before)) / WEEK);
    this.#lastTime = Math.max(before, time);
    this.#ws.push(w);
    const [second = 0, largest = 0] = [0, ...this.#ws.slice(-3)].sort((a, b) => a - b).slice(-2);
    const q = this.#rarity(Math.max(0, Math.min(largest, second + 4)));
    const bar = this.#level + this.#raised;
    return { ...this.#judge(q, bar), q, bar, interval: this.#interval };
  }

  get #level(): number {
    return Math.max(Math.log(WEEK / this.#interval / this.#perWeek), LN_20);
  }

  get #from(): number {
    return Math.min(Math.log(1000), Math.max(this.#level - 2, LN_20));
  }

  get #gap(): number {
    return Math.floor(Math.min(50, Math.max(3, WEEK / this.#interval / (8 * this.#perWeek))));
  }

  #setInterval(): void {
    const seen = this.#times.length;
    if (this.#interval > 0 && seen % 201 !== 0) return;
    const now = this.#measure();
    if (this.#interval > 0 && now >= this.#interval / 2 && now <= this.#interval * 2) return;
    this.#interval = now;
    this.#rows = 0;
    this.#incidents = [];
    this.#rising = null;
  }

  #measure(): number {
    const times = this.#times;
    const largest = times.map((_, i) => Math.max(...times.slice(0, i + 1)));
    const intervals = largest.slice(1).map((time, i) => time - (largest[i] as number));
    const newest = intervals.filter((interval) => interval > 0).slice(-201);
    if (newest.length === 0) return 60;
    const middle = newest.sort((a, b) => a - b)[Math.floor((newest.length - 1) / 2)] as number;
    const mean = Math.max(shortestMean(largest, 201), shortestMean(largest, 1608));
    return mean > 2 * middle ? mean : middle;
  }

  #rarity(v: number): number {
    const from = this.#from;
    if (v < from) {
      if (this.#rising !== null && ++this.#rising.below >= this.#gap) {
        this.#incidents.push({ peak: this.#rising.peak, rows: this.#rows });
        this.#rising = null;
      }
      return v;
    }
    const kept = this.#incidents.slice(-200);
    const cap = Math.max(this.#level - from, 1);
    const small = kept.filter(({ peak }) => peak < cap).length + 20;
    const mean = kept.reduce((sum, { peak }) => sum + Math.min(peak, cap), 20) / small;
    const since = kept.length === 200 ? (kept[0]?.rows ?? 0) : 0;
    const rate = (kept.length + 5) / (Math.max(this.#rows - since, 1) + 5 * Math.exp(from));
    this.#rising = { peak: Math.max(this.#rising?.peak ?? 0, v - from), below: 0 };
    return Math.min(small * Math.log1p((v - from) / (small * mean)) - Math.log(rate), v + 1);
  }

  #judge(q: number, bar: number): Pick<SlowDecision, "state" | "severity"> {
    if (q < this.#level - 2) {
      if (this.#open !== null && ++this.#open.quiet >= this.#gap) this.#open = null;
      return { state: null, severity: null };
    }
    this.#open = { ...(this.#open ?? { told: null, excess: 0 }), quiet: 0 };
    const { told, excess } = this.#open;
    if (told === null && q < bar) return { state: null, severity: null };
    const most = told === null ? q - bar : Math.max(excess, q - told);
    const severity = most >= 4 ? "critical" : most >= 1.5 ? "warning" : "info";
    this.#open = { told: told ?? bar, excess: most, quiet: 0 };
    if (told === null) this.#raised += 1;
    return { state: told === null ? "told" : "open", severity };
  }
}

/** Mean interval of the shortest of the newest three stretches of `n` readings; 0 before there are three. */
function shortestMean(times: readonly number[], n: number): number {
  const ends = times.filter((_, i) => (i + 1) % n === 0);
  const starts = [times[0] as number, ...ends];
  const means = ends.map((end, i) => (end - (starts[i] as number)) / n);
  return means.length < 3 ? 0 : Math.min(...means.slice(-3));
}
