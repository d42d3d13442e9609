import { SEVERITIES, severityRank } from "../../core/alerts/severity.ts";
import { type SequencedBatch, sourceAt } from "../../core/batch.ts";
import type { ScoreColumns } from "../../core/detectors/detector.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import type { KeyTable } from "../../core/key-table.ts";
import { TimeText } from "../../core/timestamp/time-text.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";

/** Format of score lines. */
export type ScoresFormat = "csv" | "jsonl";

/** Contents of a scores file. */
export interface ScoresOptions {
  readonly plan: EnginePlan;
  /** Names of the key codes. */
  readonly keys: KeyTable;
  /** Names of the inputs by `Batch.source`. With several inputs, each line names its own. */
  readonly inputs: readonly string[];
  /** Whether lines include feature values. */
  readonly features: boolean;
}

/** The syntax of a format. */
interface Dialect {
  /** Text before a column's value. */
  before(name: string, first: boolean): string;
  readonly end: string;
  readonly missing: string;
  /** [normal, anomalous] */
  readonly flags: readonly [string, string];
  text(value: string): string;
  header(names: readonly string[]): string;
}

const dialects: Record<ScoresFormat, Dialect> = {
  csv: {
    before: (_, first) => (first ? "" : ","),
    end: "\n",
    missing: "",
    flags: ["0", "1"],
    text: csvCell,
    header: (names) => `${names.map(csvCell).join(",")}\n`,
  },
  jsonl: {
    before: (name, first) => `${first ? "{" : ","}${JSON.stringify(name)}:`,
    end: "}\n",
    missing: "null",
    flags: ["false", "true"],
    text: (value) => JSON.stringify(value),
    header: () => "",
  },
};

const COLUMNS = [
  "row",
  "file", // with several inputs only
  "timestamp",
  "sensor_id",
  "detector",
  "raw_score",
  "p",
  "anomaly_score",
  "is_anomaly",
  "severity",
] as const;

type Column = (typeof COLUMNS)[number];

/**
 * Formats scores as lines, one per reading and detector that scores readings. Numbers are the shortest
 * decimals that read back as the same number.
 */
export class ScoresLines {
  /** Column names; features come last. */
  readonly columns: readonly string[];
  /** Text before the first line; may be empty. */
  readonly header: string;
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #dialect: Dialect;
  /** Text before each value of a line. */
  readonly #before: Readonly<Record<Column, string>>;
  readonly #beforeFeature: readonly string[];
  /** Prepared cells by detector, by [normal, anomalous], by severity (the first is none), by source. */
  readonly #detectors: readonly string[];
  /** Indices of the detectors that score readings. */
  readonly #scoring: readonly number[];
  readonly #flags: readonly string[];
  readonly #severities: readonly string[];
  readonly #files: readonly string[];
  readonly #sensors: string[] = []; // by key code, filled on first use
  readonly #time = new TimeText();

  constructor(format: ScoresFormat, { plan, keys, inputs, features }: ScoresOptions) {
    const dialect = dialects[format];
    const several = inputs.length > 1;
    const extra = features ? freeNames(plan, COLUMNS) : [];
    const before = cellStarts(dialect);
    this.columns = [...COLUMNS.filter((name) => several || name !== "file"), ...extra];
    this.header = dialect.header(this.columns);
    this.#plan = plan;
    this.#keys = keys;
    this.#dialect = dialect;
    this.#before = before;
    this.#beforeFeature = extra.map((name) => dialect.before(name, false));
    this.#detectors = plan.detectors.map(({ name }) => before.detector + dialect.text(name));
    this.#scoring = [...plan.detectors.entries()].flatMap(([d, { config }]) =>
      scoresReadings(config) ? d : [],
    );
    this.#flags = dialect.flags.map((flag) => before.is_anomaly + flag);
    this.#severities = [
      before.severity + dialect.missing,
      ...SEVERITIES.map((severity) => before.severity + dialect.text(severity)),
    ];
    this.#files = several ? inputs.map((name) => before.file + dialect.text(name)) : [];
  }

  /** The lines of one row: one per detector that scores readings, in the order of the plan. */
  of(batch: SequencedBatch, output: EngineOutput, row: number): string {
    const before = this.#before;
    const place =
      before.row +
      String(batch.rows[row]) +
      (this.#files[sourceAt(batch, row)] ?? "") +
      before.timestamp +
      this.#dialect.text(this.#time.of(batch.timestamps[row] as number)) +
      this.#sensor(batch.keys[row] as number);
    const rest = this.#features(output, row) + this.#dialect.end;
    let lines = "";
    for (const d of this.#scoring) {
      lines += place + this.#detectors[d] + this.#scores(output, d, row) + rest;
    }
    return lines;
  }

  #scores(output: EngineOutput, detector: number, row: number): string {
    const before = this.#before;
    const scores = output.scores[detector] as ScoreColumns;
    const score = scores.anomalyScore[row] as number;
    const flag = scores.isAnomaly[row] === 1 ? 1 : 0;
    const { alerts } = this.#plan.detectors[detector] as DetectorPlan;
    return (
      before.raw_score +
      this.#number(scores.rawScore[row] as number) +
      before.p +
      this.#number(scores.p[row] as number) +
      before.anomaly_score +
      this.#number(score) +
      this.#flags[flag] +
      this.#severities[1 + severityRank(flag === 1, score, alerts.severity)]
    );
  }

  #features(output: EngineOutput, row: number): string {
    let cells = "";
    for (let f = 0; f < this.#beforeFeature.length; f++) {
      const values = output.features[f] as Float64Array;
      cells += this.#beforeFeature[f] + this.#number(values[row] as number);
    }
    return cells;
  }

  #sensor(key: number): string {
    const known = this.#sensors[key];
    if (known !== undefined) return known;
    const cell = this.#before.sensor_id + this.#dialect.text(this.#keys.name(key));
    this.#sensors[key] = cell;
    return cell;
  }

  #number(value: number): string {
    return Number.isFinite(value) ? String(value) : this.#dialect.missing;
  }
}

/** A text as a cell of a CSV file, quoted where needed (RFC 4180). */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellStarts(dialect: Dialect): Record<Column, string> {
  const start = (name: Column): string => dialect.before(name, name === COLUMNS[0]);
  return {
    row: start("row"),
    file: start("file"),
    timestamp: start("timestamp"),
    sensor_id: start("sensor_id"),
    detector: start("detector"),
    raw_score: start("raw_score"),
    p: start("p"),
    anomaly_score: start("anomaly_score"),
    is_anomaly: start("is_anomaly"),
    severity: start("severity"),
  };
}

/** Column names of the features; a name that is taken becomes `feature_<name>`. */
function freeNames(plan: EnginePlan, taken: readonly string[]): string[] {
  const used = new Set([...taken, ...plan.features.map(({ name }) => name)]);
  return plan.features.map(({ name }) => {
    if (!taken.includes(name)) return name;
    let free = `feature_${name}`;
    while (used.has(free)) free = `feature_${free}`;
    used.add(free);
    return free;
  });
}
