import type { ChalkInstance } from "chalk";
import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";
import { cellWidth, cutCells, fitCells, plainCells } from "../../../render/cells.ts";
import { paintBars, sparkline } from "../../../render/sparkline.ts";
import type { SensorLine } from "./sensor-line.ts";
import { paintState, stateText, stateWidth } from "./state-text.ts";
import { valuesWriter } from "./values-text.ts";

const GAP = 2;
const MIN_NAME = "SENSOR".length;
/** Largest share of the width for names, and their limit in a narrow terminal. */
const NAME_SHARE = 0.2;
const NARROW_NAME = 12;
const MIN_VALUES = 14;
/** With less room for values, the history becomes shorter. */
const GOOD_VALUES = 28;
const SCORE = "SCORE".length;
/** Cells of the bar of a score. */
const BAR = 5;
const MIN_SPARK = 8;
const SPARK_SHARE = 0.18;
const TODAY = "TODAY".length;

/** Widths of the columns of the sensor table; 0: not shown. */
interface Widths {
  state: number;
  name: number;
  values: number;
  score: number;
  spark: number;
  today: number;
}

/**
 * The heading and the rows of sensors; none is wider than the terminal.
 *
 * @param shown The sensors that get a row.
 * @param all All sensors; widths depend on them, so that columns do not move.
 */
export function sensorRows(
  shown: readonly SensorLine[],
  all: readonly SensorLine[],
  width: number,
  color: ChalkInstance,
  times: TimeDisplay,
): string[] {
  const widths = widthsFor(all, width);
  const valuesOf = valuesWriter(all, widths.values, times);
  const head = [
    fitCells("STATE", widths.state),
    fitCells("SENSOR", widths.name),
    fitCells("VALUES", widths.values),
    fitCells("SCORE", widths.score),
    fitCells("HISTORY", widths.spark),
    fitCells("TODAY", widths.today),
  ];
  return [
    color.bold(cutCells(joined(head).trimEnd(), width)),
    ...shown.map((line) => sensorRow(line, valuesOf(line), widths, color)),
  ];
}

function sensorRow(
  { state, name, score, bars, today }: SensorLine,
  valuesText: string,
  widths: Widths,
  color: ChalkInstance,
): string {
  const isMissed = state.kind === "silent";
  const values = fitCells(valuesText, widths.values);
  const spark = sparkline(bars.slice(-widths.spark), 0, 1);
  return joined([
    paintState(state, fitCells(stateText(state), widths.state), color),
    fitCells(plainCells(name), widths.name),
    isMissed && values !== "" ? color.dim(values) : values,
    scoreCell(score, widths.score, color),
    widths.spark === 0 ? "" : paintBars(fitCells(spark, widths.spark), color),
    widths.today === 0 ? "" : fitCells(today === 0 ? "–" : String(today), widths.today),
  ]).trimEnd();
}

/** Joins cells; an empty cell leaves no gap. */
function joined(cells: readonly string[]): string {
  return cells.filter((cell) => cell !== "").join(" ".repeat(GAP));
}

/** `███░░ 0.52`, or the number alone. */
function scoreCell(score: number, width: number, color: ChalkInstance): string {
  if (width === 0) return "";
  const filled = Number.isNaN(score) ? 0 : Math.round(Math.min(1, Math.max(0, score)) * BAR);
  const bar = width > SCORE ? `${"█".repeat(filled)}${"░".repeat(BAR - filled)} ` : "";
  const text = fitCells(bar + (Number.isNaN(score) ? "   –" : score.toFixed(2)), width);
  return score >= 0.5 ? color.yellow(text) : text;
}

/** Chooses widths that fit: the least important column is removed first. */
function widthsFor(all: readonly SensorLine[], width: number): Widths {
  const longest = Math.max(MIN_NAME, ...all.map(({ name }) => cellWidth(plainCells(name))));
  const widths: Widths = {
    state: Math.min(width, stateWidth(all)),
    name: Math.min(longest, Math.max(NARROW_NAME, Math.floor(width * NAME_SHARE))),
    values: 0,
    score: BAR + " 0.00".length,
    spark: Math.max(MIN_SPARK, Math.floor(width * SPARK_SHARE)),
    today: TODAY,
  };
  const room = (): number => {
    const taken = Object.values(widths).filter((one) => one > 0);
    return width - taken.reduce((sum, one) => sum + one + GAP, 0);
  };
  if (room() < GOOD_VALUES) widths.spark = MIN_SPARK;
  if (room() < MIN_VALUES) widths.spark = 0;
  if (room() < MIN_VALUES) widths.score = SCORE;
  if (room() < MIN_VALUES) widths.today = 0;
  if (room() < MIN_VALUES) widths.score = 0;
  if (room() < 0) widths.name = Math.max(0, widths.name + Math.min(0, room() + GAP));
  widths.values = Math.max(0, room());
  return widths;
}
