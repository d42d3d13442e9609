import { Chart } from "../../../page/client/charts.ts";
import { element, setAttributes, setText } from "../../../page/client/dom.ts";
import { type TimeRange, Zoom } from "../../../page/client/zoom.ts";
import type { ReportData } from "../../data/report-data.ts";
import type { ShownEpisode } from "../data/episodes.ts";
import { plural, spanText } from "../texts.ts";
import type { ShownTimes } from "../times.ts";
import { marksOfEpisodes, type SensorDrawing, sensorDrawing } from "./sensor-drawing.ts";

const HINT =
  "Drag to zoom, double-click to show everything. Keys: ← → read values, + − zoom, Page Up and Page Down move, 0 shows everything.";
const LEGEND = [
  ["usual", "usual range: the middle 90 % of earlier readings"],
  ["alarm", "alarm line"],
  ["alert", "alert"],
] as const;

/** The charts of the selected sensor: readings, scores and alerts, with a common time range. */
export class SensorPanel {
  readonly node: HTMLElement;
  readonly #data: ReportData;
  readonly #episodes: readonly ShownEpisode[];
  readonly #zoom: Zoom;
  readonly #times: ShownTimes;
  readonly #title = element("h2", { id: "sensor-title" });
  readonly #facts = element("p", { class: "soft" });
  readonly #range = element("span", { class: "soft", role: "status" });
  readonly #labelled = element("span", { class: "labelled" }, "labelled as anomalous");
  readonly #plots = element("div", {
    class: "plots",
    tabindex: "0",
    role: "group",
    "aria-label": `Charts. ${HINT}`,
  });
  #charts: readonly Chart[] = [];

  /** @param span Time range of the run. */
  constructor(
    data: ReportData,
    episodes: readonly ShownEpisode[],
    span: TimeRange,
    times: ShownTimes,
  ) {
    this.#times = times;
    this.#data = data;
    this.#episodes = episodes;
    this.#zoom = new Zoom(span);
    this.#zoom.onChange(() => this.#zoomed());
    this.#plots.addEventListener("keydown", (event) => this.#key(event));
    this.node = element(
      "section",
      { class: "panel", id: "sensor", "aria-labelledby": "sensor-title", tabindex: "-1" },
      this.#title,
      this.#facts,
      this.#tools(),
      element(
        "div",
        { class: "legend" },
        ...LEGEND.map(([name, text]) => element("span", { class: name }, text)),
        this.#labelled,
      ),
      this.#plots,
      element("p", { class: "soft" }, HINT),
    );
    this.#zoomed();
  }

  /** Selects a sensor. @param place Its index. */
  show(place: number): void {
    const sensor = this.#data.sensors[place];
    if (sensor === undefined) return;
    setText(this.#title, sensor.name);
    for (const chart of this.#charts) chart.remove();
    const drawing = sensor.series === null ? null : sensorDrawing(sensor.series, this.#data);
    const thinned =
      drawing === null
        ? "without charts, as there are too many sensors"
        : drawing.perPoint === 1
          ? "all drawn"
          : `drawn as the smallest and largest of each ${drawing.perPoint}`;
    setText(
      this.#facts,
      `${plural(sensor.readings, "reading")}, ${thinned} · ${sensor.anomalies} anomalous · ${plural(sensor.alerts, "alert")}`,
    );
    setAttributes(this.#labelled, { hidden: (drawing?.shades.length ?? 0) === 0 });
    this.#charts = drawing === null ? [] : this.#draw(drawing, place);
  }

  /** Zooms to an alert of the selected sensor, with some time around it. */
  zoomTo({ started, last, resolved }: ShownEpisode): void {
    const end = Number.isNaN(resolved) ? last : resolved;
    const { from, to } = this.#zoom.whole;
    const around = Math.max((end - started) / 1000, (to - from) / 60);
    this.#zoom.show({ from: started / 1000 - around, to: end / 1000 + around });
    this.#plots.focus({ preventScroll: true });
    this.node.scrollIntoView({ block: "start" });
  }

  /** Draws all charts again, in the current colours. */
  redraw(): void {
    for (const chart of this.#charts) chart.redraw();
  }

  #draw({ times, columns, scores, shades }: SensorDrawing, place: number): Chart[] {
    const marks = marksOfEpisodes(
      this.#episodes.filter(({ sensor, isNotified }) => sensor === place && isNotified),
    );
    const drawings = [
      ...(scores.length === 0 ? [] : [{ isScore: true, lines: scores }]),
      ...columns.map((line) => ({ isScore: false, lines: [line] })),
    ];
    const charts = drawings.map(
      ({ isScore }) => new Chart({ isScore, times: this.#times, zoom: this.#zoom }),
    );
    this.#plots.replaceChildren(...charts.map(({ node }) => node));
    for (const [i, { lines }] of drawings.entries())
      charts[i]?.show({ times, lines, marks, shades });
    return charts;
  }

  #tools(): HTMLElement {
    const button = (text: string, label: string, act: () => void): HTMLElement => {
      const made = element("button", { type: "button", "aria-label": label, title: label }, text);
      made.addEventListener("click", act);
      return made;
    };
    return element(
      "div",
      { class: "tools" },
      button("+", "Zoom in", () => this.#zoom.scale(0.5)),
      button("−", "Zoom out", () => this.#zoom.scale(2)),
      button("◀", "Earlier", () => this.#zoom.move(-0.5)),
      button("▶", "Later", () => this.#zoom.move(0.5)),
      button("All", "Everything", () => this.#zoom.reset()),
      this.#range,
    );
  }

  #zoomed(): void {
    for (const chart of this.#charts) chart.zoomed();
    const { from, to } = this.#zoom.range;
    const text = `${this.#times.text(1000 * from)} to ${this.#times.text(1000 * to)} ${this.#times.name} (${spanText(1000 * (to - from))})`;
    setText(this.#range, text);
  }

  #key(event: KeyboardEvent): void {
    const [chart] = this.#charts;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => chart?.step(event.shiftKey ? -10 : -1),
      ArrowRight: () => chart?.step(event.shiftKey ? 10 : 1),
      "+": () => this.#zoom.scale(0.5, chart?.cursor),
      "=": () => this.#zoom.scale(0.5, chart?.cursor),
      "-": () => this.#zoom.scale(2, chart?.cursor),
      PageUp: () => this.#zoom.move(-0.5),
      PageDown: () => this.#zoom.move(0.5),
      "0": () => this.#zoom.reset(),
    };
    const act = acts[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }
}
