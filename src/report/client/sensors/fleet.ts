import { element, setAttributes } from "../../../page/client/dom.ts";
import { ALARM, color } from "../../../page/client/marks.ts";
import type { TimeRange } from "../../../page/client/zoom.ts";
import type { ReportData, SensorData, SeriesData } from "../../data/report-data.ts";
import { decodeScores, decodeTimes } from "../data/decode.ts";
import { plural } from "../texts.ts";

/** Width of a strip, pixels; its height is one pixel. */
const WIDTH = 600;

/** All sensors, those with the most alerts first, each with its scores over time. */
export class Fleet {
  readonly node: HTMLElement;
  readonly #data: ReportData;
  readonly #span: TimeRange;
  readonly #buttons = new Map<number, HTMLButtonElement>();
  readonly #strips: (() => void)[] = [];

  constructor(data: ReportData, span: TimeRange, choose: (place: number) => void) {
    this.#data = data;
    this.#span = span;
    const list = element("div", { class: "fleet" });
    for (const place of this.ranked()) {
      const sensor = data.sensors[place];
      if (sensor !== undefined) list.append(this.#row(sensor, place, choose));
    }
    this.node = element(
      "section",
      { class: "panel", id: "sensors", "aria-labelledby": "sensors-title" },
      element("h2", { id: "sensors-title" }, "Sensors"),
      element("p", { class: "soft" }, "Anomaly scores over time. Red is above the alarm line."),
      list,
    );
    this.redraw();
  }

  /** Indices of the sensors, those with the most alerts first. */
  ranked(): number[] {
    const { sensors } = this.#data;
    const by = (pick: (sensor: SensorData) => number, place: number): number => {
      const sensor = sensors[place];
      return sensor === undefined ? 0 : pick(sensor);
    };
    const rank = (pick: (sensor: SensorData) => number) => (a: number, b: number) =>
      by(pick, b) - by(pick, a);
    const alerts = rank((sensor) => sensor.alerts);
    const anomalies = rank((sensor) => sensor.anomalies);
    return sensors.map((_, place) => place).sort((a, b) => alerts(a, b) || anomalies(a, b));
  }

  /** Marks the selected sensor. */
  chosen(place: number): void {
    for (const [other, button] of this.#buttons) {
      setAttributes(button, { "aria-pressed": String(other === place) });
    }
  }

  /** Draws all strips again, in the current colours. */
  redraw(): void {
    for (const strip of this.#strips) strip();
  }

  #row(sensor: SensorData, place: number, choose: (place: number) => void): HTMLElement {
    const canvas = element("canvas", { width: String(WIDTH), height: "1", "aria-hidden": "true" });
    const button = element(
      "button",
      { type: "button", "aria-pressed": "false" },
      element("strong", {}, sensor.name),
      element("small", {}, plural(sensor.alerts, "alert")),
      canvas,
    );
    button.addEventListener("click", () => choose(place));
    this.#buttons.set(place, button);
    this.#strips.push(() => this.#strip(canvas, sensor));
    return button;
  }

  #strip(canvas: HTMLCanvasElement, { series }: SensorData): void {
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.fillStyle = color("--grid");
    context.fillRect(0, 0, WIDTH, 1);
    if (series === null) return;
    const { from, to } = this.#span;
    const starts = decodeTimes(series.times, this.#data.time);
    const at = (ms: number): number => ((ms / 1000 - from) / Math.max(to - from, 1e-9)) * WIDTH;
    const scores = [...largestScores(series).entries()].filter(([, score]) => score >= 0);
    // scores above the alarm line last, so that no neighbour covers them
    const alarms = scores.filter(([, score]) => score > ALARM);
    for (const [i, score] of [...scores.filter(([, one]) => one <= ALARM), ...alarms]) {
      const left = Math.floor(at(starts[i] ?? 0));
      const width = Math.max(1, at(starts[i + 1] ?? series.end) - left);
      context.fillStyle = color(score > ALARM ? "--critical" : "--line-1");
      context.globalAlpha = score > ALARM ? 0.3 + 0.7 * (2 * score - 1) : 0.15 + score;
      context.clearRect(left, 0, width, 1);
      context.fillRect(left, 0, width, 1);
    }
    context.globalAlpha = 1;
  }
}

/** By bucket, the largest score of all detectors; -1: none. */
function largestScores({ scores }: SeriesData): number[] {
  const all = scores.flatMap((one) => (one === null ? [] : [decodeScores(one)]));
  return (all[0] ?? []).map((_, i) => Math.max(-1, ...all.map((series) => series[i] ?? -1)));
}
