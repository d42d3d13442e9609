import { SEVERITIES, severityRank } from "../../core/alerts/severity.ts";
import { type SequencedBatch, sourceAt } from "../../core/batch.ts";
import type { ScoreColumns } from "../../core/detectors/detector.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import type { KeyTable } from "../../core/key-table.ts";
import { TextBytes } from "../../core/text-bytes/text-bytes.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";
import { TimeCell } from "./time-cell.ts";

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
  readonly #rowStart: Uint8Array;
  readonly #pStart: Uint8Array;
  readonly #scoreStart: Uint8Array;
  readonly #featureStarts: readonly Uint8Array[];
  readonly #end: Uint8Array;
  readonly #missing: Uint8Array;
  /** Prepared cells by detector, by severity (the first is none, of a normal reading), by source. */
  readonly #detectors: readonly Uint8Array[];
  /** Indices of the detectors that score readings. */
  readonly #scoring: readonly number[];
  readonly #verdicts: readonly Uint8Array[];
  readonly #files: readonly Uint8Array[];
  readonly #sensors: Uint8Array[] = []; // by key code, filled on first use
  readonly #time: TimeCell;
  #text: TextBytes | null = null;

  constructor(format: ScoresFormat, { plan, keys, inputs, features }: ScoresOptions) {
    const dialect = dialects[format];
    const { text, missing, flags } = dialect;
    const several = inputs.length > 1;
    const extra = features ? freeNames(plan, COLUMNS) : [];
    const before = cellStarts(dialect);
    this.columns = [...COLUMNS.filter((name) => several || name !== "file"), ...extra];
    this.header = dialect.header(this.columns);
    this.#plan = plan;
    this.#keys = keys;
    this.#dialect = dialect;
    this.#before = before;
    this.#rowStart = encode(before.row);
    this.#pStart = encode(before.p);
    this.#scoreStart = encode(before.anomaly_score);
    this.#featureStarts = extra.map((name) => encode(dialect.before(name, false)));
    this.#end = encode(dialect.end);
    this.#missing = encode(missing);
    this.#detectors = plan.detectors.map(({ name }) =>
      encode(before.detector + text(name) + before.raw_score),
    );
    this.#scoring = [...plan.detectors.entries()].flatMap(([d, { config }]) =>
      scoresReadings(config) ? d : [],
    );
    this.#verdicts = [
      encode(before.is_anomaly + flags[0] + before.severity + missing),
      ...SEVERITIES.map((name) =>
        encode(before.is_anomaly + flags[1] + before.severity + text(name)),
      ),
    ];
    this.#files = several ? inputs.map((name) => encode(before.file + text(name))) : [];
    this.#time = new TimeCell((time) => before.timestamp + text(time));
  }

  /** Adds the lines of one row: one per detector that scores readings, in the order of the plan. */
  add(lines: TextBytes, batch: SequencedBatch, output: EngineOutput, row: number): void {
    for (let i = 0; i < this.#scoring.length; i++) {
      this.#addPlace(lines, batch, row);
      this.#addScores(lines, output, this.#scoring[i] as number, row);
      this.#addFeatures(lines, output, row);
      lines.add(this.#end);
    }
  }

  /** The lines of one row as text. */
  of(batch: SequencedBatch, output: EngineOutput, row: number): string {
    this.#text ??= new TextBytes(0);
    this.add(this.#text, batch, output, row);
    return this.#text.takeString();
  }

  #addPlace(lines: TextBytes, batch: SequencedBatch, row: number): void {
    const key = batch.keys[row] as number;
    lines.add(this.#rowStart);
    lines.addNumber(batch.rows[row] as number);
    if (this.#files.length > 0) lines.add(this.#files[sourceAt(batch, row)] as Uint8Array);
    lines.add(this.#time.of(batch.timestamps[row] as number));
    lines.add(this.#sensors[key] ?? this.#newSensor(key));
  }

  #addScores(lines: TextBytes, output: EngineOutput, detector: number, row: number): void {
    const scores = output.scores[detector] as ScoreColumns;
    const score = scores.anomalyScore[row] as number;
    const isAnomaly = scores.isAnomaly[row] === 1;
    const { alerts } = this.#plan.detectors[detector] as DetectorPlan;
    lines.add(this.#detectors[detector] as Uint8Array);
    this.#addNumber(lines, scores.rawScore[row] as number);
    lines.add(this.#pStart);
    this.#addNumber(lines, scores.p[row] as number);
    lines.add(this.#scoreStart);
    this.#addNumber(lines, score);
    lines.add(this.#verdicts[1 + severityRank(isAnomaly, score, alerts.severity)] as Uint8Array);
  }

  #addFeatures(lines: TextBytes, output: EngineOutput, row: number): void {
    for (let f = 0; f < this.#featureStarts.length; f++) {
      const values = output.features[f] as Float64Array;
      lines.add(this.#featureStarts[f] as Uint8Array);
      this.#addNumber(lines, values[row] as number);
    }
  }

  #addNumber(lines: TextBytes, value: number): void {
    if (Number.isFinite(value)) lines.addNumber(value);
    else lines.add(this.#missing);
  }

  #newSensor(key: number): Uint8Array {
    const cell = encode(this.#before.sensor_id + this.#dialect.text(this.#keys.name(key)));
    this.#sensors[key] = cell;
    return cell;
  }
}

/** A text as a cell of a CSV file, quoted where needed (RFC 4180). */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
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
