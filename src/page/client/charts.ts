import { element, setAttributes } from "./dom.ts";
import { barbell, color, marksOf } from "./marks.ts";
import { numberText, type TimeTexts } from "./texts.ts";
import type { Drawing, Line } from "./types.ts";
import type { Zoom } from "./zoom.ts";

const VALUE_HEIGHT = 130;
const SCORE_HEIGHT = 150;
const FONT = "12px system-ui, sans-serif";
const SPLITS = [0, 0.25, 0.5, 0.75, 1];
/** Shortest drag that zooms, CSS pixels. */
const MIN_DRAG = 6;

/** Fixed settings of a chart. */
export interface ChartSettings {
  /** Whether it shows scores: scaled from 0 to 1, with the alarm line. */
  readonly isScore: boolean;
  readonly times: TimeTexts;
  /** The visible time range; undefined: always everything, without zoom. */
  readonly zoom?: Zoom;
}

/** A chart of lines over time, with a mark at the start of each alert. */
export class Chart {
  readonly node: HTMLElement;
  readonly #readout = element("figcaption");
  readonly #canvas = element("div", { role: "img" });
  readonly #settings: ChartSettings;
  readonly #sizes: ResizeObserver;
  #plot: uPlot | null = null;
  #shape = "";
  #drawing: Drawing = { times: [], lines: [], marks: [] };

  constructor(settings: ChartSettings) {
    this.#settings = settings;
    this.node = element("figure", {}, this.#readout, this.#canvas);
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(this.#canvas);
  }

  show(drawing: Drawing): void {
    this.#drawing = drawing;
    const shape = JSON.stringify(
      drawing.lines.map(({ name, upper, usual }) => [name, !upper, !usual]),
    );
    if (shape !== this.#shape) this.redraw();
    this.#shape = shape;
    this.#plot?.setData(this.#data, this.#settings.zoom === undefined);
    this.zoomed();
    this.#read();
    const { times, lines } = drawing;
    const newest = lines.map(({ name, values }) => `${name} ${numberText(values.at(-1))}`);
    const what = this.#settings.zoom === undefined ? "last" : "";
    const label = `Chart of the ${what} ${times.length} readings; newest: ${newest.join(", ")}`;
    setAttributes(this.#canvas, { "aria-label": label });
  }

  /** Draws the chart again, in the current colours. */
  redraw(): void {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#canvas.clientWidth === 0) return;
    this.#plot = new uPlot(this.#options(), this.#data, this.#canvas);
    this.zoomed();
  }

  /** Applies the current zoom. */
  zoomed(): void {
    const { zoom } = this.#settings;
    if (zoom === undefined || this.#plot === null) return;
    this.#plot.setScale("x", { min: zoom.range.from, max: zoom.range.to });
  }

  /** Moves the cursor of all charts by `steps` points, and scrolls to it. */
  step(steps: number): void {
    const plot = this.#plot;
    const { times } = this.#drawing;
    const { zoom } = this.#settings;
    if (plot === null || zoom === undefined || times.length === 0) return;
    const { from, to } = zoom.range;
    const isAtCursor = plot.cursor.idx !== null && plot.cursor.idx !== undefined;
    const first = times.findIndex((time) => time >= (from + to) / 2);
    const start = isAtCursor ? (plot.cursor.idx ?? 0) + steps : first;
    const time = times[Math.min(Math.max(start, 0), times.length - 1)] ?? from;
    if (time < from) zoom.show({ from: time, to: time + to - from });
    if (time > to) zoom.show({ from: time - (to - from), to: time });
    plot.setCursor({ left: plot.valToPos(time, "x"), top: 1 });
  }

  /** Time under the cursor, seconds; undefined without one. */
  get cursor(): number | undefined {
    return this.#drawing.times[this.#plot?.cursor.idx ?? -1];
  }

  /** Releases the chart and removes it from the page. */
  remove(): void {
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.node.remove();
  }

  get #data(): uPlot.AlignedData {
    const { times, lines } = this.#drawing;
    const series = lines.flatMap(({ values, upper, usual }) => [
      [...values],
      ...(upper === undefined ? [] : [[...upper]]),
      ...(usual === undefined ? [] : [[...usual.low], [...usual.high]]),
    ]);
    return [[...times], ...series];
  }

  #resize(): void {
    const width = this.#canvas.clientWidth;
    if (this.#plot === null) this.redraw();
    else if (width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: this.#plot.height });
    }
  }

  #options(): uPlot.Options {
    const { isScore, times, zoom } = this.#settings;
    const grid = { stroke: color("--grid"), width: 1 };
    const axis = { stroke: color("--soft-text"), grid, ticks: { show: false }, font: FONT };
    const marks = marksOf(() => this.#drawing, isScore);
    return {
      width: this.#canvas.clientWidth,
      height: isScore ? SCORE_HEIGHT : VALUE_HEIGHT,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: {
        y: false,
        drag: { x: zoom !== undefined, y: false, setScale: false },
        sync: { key: "iotmon", setSeries: false },
        ...(zoom === undefined ? {} : { bind: { dblclick: () => () => resetIn(zoom) } }),
      },
      scales: isScore ? { y: { range: [0, 1] } } : {},
      tzDate: times.date,
      axes: [
        { ...axis, size: 24, space: 90, values: (_plot, splits) => times.ticks(splits) },
        {
          ...axis,
          size: 56,
          values: (_plot, values) => values.map((value) => numberText(value)),
          ...(isScore ? { splits: SPLITS } : {}),
        },
      ],
      ...drawn(this.#drawing.lines),
      hooks: {
        drawAxes: [marks],
        setCursor: [() => this.#read()],
        ...(zoom === undefined ? {} : { setSelect: [(plot) => selectIn(plot, zoom)] }),
      },
    };
  }

  /** Shows the values under the cursor, or the newest ones. */
  #read(): void {
    const { times, lines } = this.#drawing;
    const { isScore, times: texts } = this.#settings;
    const i = this.#plot?.cursor.idx ?? times.length - 1;
    const time = times[i];
    const values = lines.map((line, number) => {
      const value = element("strong", {}, barbell(line.values[i], line.upper?.[i]));
      const key = element("span", { class: `key line-${(number % 4) + 1}` });
      const low = line.usual?.low[i];
      const usual =
        low === undefined || low === null ? "" : ` usually ${barbell(low, line.usual?.high[i])}`;
      return element(
        "span",
        {},
        key,
        `${isScore ? "score " : ""}${line.name} `,
        value,
        ...(usual === "" ? [] : [element("small", {}, usual)]),
      );
    });
    const when = element("small", {}, time === undefined ? "" : texts.text(time * 1000));
    const text = [...values, when].map((node) => node.textContent).join(" ");
    if (this.#readout.dataset["text"] === text) return;
    this.#readout.dataset["text"] = text;
    this.#readout.replaceChildren(...values, when);
  }
}

/** Series and bands of lines: two values per point become a filled band, with the usual range behind. */
function drawn(lines: readonly Line[]): Pick<uPlot.Options, "series" | "bands"> {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const points = { show: false };
  for (const [i, { name, upper, usual }] of lines.entries()) {
    const stroke = color(`--line-${(i % 4) + 1}`);
    series.push({ label: name, stroke, width: 1.5, points });
    if (upper !== undefined) {
      series.push({ label: `${name}, largest`, stroke, width: 1.5, points });
      bands.push({ series: [series.length - 1, series.length - 2], fill: `${stroke}66` });
    }
    if (usual !== undefined) {
      series.push({ label: `${name}, usual from`, points }, { label: `${name}, usual to`, points });
      bands.push({ series: [series.length - 1, series.length - 2], fill: color("--usual") });
    }
  }
  return { series, bands };
}

/** Zooms into the selected range. */
function selectIn(plot: uPlot, zoom: Zoom): void {
  const { left, width } = plot.select;
  if (width < MIN_DRAG) return;
  const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  zoom.show({ from, to });
}

function resetIn(zoom: Zoom): null {
  zoom.reset();
  return null;
}
