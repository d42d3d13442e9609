import type { ShownAlert } from "./alert-log.ts";
import { element, setAttributes } from "./dom.ts";
import { numberText, tickTexts, timeText } from "./texts.ts";
import type { Trace } from "./types.ts";

/** Anomaly score from which on a reading is anomalous. */
const ALARM = 0.5;
const VALUE_HEIGHT = 130;
const SCORE_HEIGHT = 150;

type Series = readonly (number | null)[];

/** One line of a chart. */
interface Line {
  readonly name: string;
  readonly values: Series;
}

/** What a chart shows. */
export interface Drawing {
  /** Event times, seconds, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly alerts: readonly ShownAlert[];
}

/** A trace in the order of time, as charts want it: late rows are not last. */
export function inTimeOrder(trace: Trace): Trace & { readonly times: readonly number[] } {
  const seconds = trace.timestamps.map((time) => Date.parse(time) / 1000);
  const order = seconds.map((_, i) => i).sort((a, b) => at(seconds, a) - at(seconds, b));
  const sorted = (series: Readonly<Record<string, Series>>) =>
    Object.fromEntries(
      Object.entries(series).map(([name, values]) => [name, order.map((i) => values[i] ?? null)]),
    );
  return {
    timestamps: order.map((i) => trace.timestamps[i] ?? ""),
    times: order.map((i) => at(seconds, i)),
    values: sorted(trace.values),
    scores: sorted(trace.scores),
  };
}

function at(numbers: readonly number[], i: number): number {
  return numbers[i] ?? 0;
}

/** A chart of lines over time, with a mark where an alert began. */
export class Chart {
  readonly node: HTMLElement;
  readonly #readout = element("figcaption");
  readonly #canvas = element("div", { role: "img" });
  readonly #isScore: boolean;
  readonly #sizes: ResizeObserver;
  #plot: uPlot | null = null;
  #names = "";
  #drawing: Drawing = { times: [], lines: [], alerts: [] };

  /** @param isScore Whether it shows scores: from 0 to 1, with the alarm line. */
  constructor(isScore: boolean) {
    this.#isScore = isScore;
    this.node = element("figure", {}, this.#readout, this.#canvas);
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(this.#canvas);
  }

  show(drawing: Drawing): void {
    this.#drawing = drawing;
    const names = JSON.stringify(drawing.lines.map(({ name }) => name));
    if (names !== this.#names) this.redraw();
    this.#names = names;
    this.#plot?.setData(this.#data);
    this.#read();
    const { times, lines } = drawing;
    const newest = lines.map(({ name, values }) => `${name} ${numberText(values.at(-1))}`);
    const label = `Chart of the last ${times.length} readings; newest: ${newest.join(", ")}`;
    setAttributes(this.#canvas, { "aria-label": label });
  }

  /** Draws it anew, in the colours of now. */
  redraw(): void {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#canvas.clientWidth === 0) return;
    this.#plot = new uPlot(this.#options(), this.#data, this.#canvas);
  }

  /** It is not needed any more. */
  remove(): void {
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.node.remove();
  }

  get #data(): uPlot.AlignedData {
    const { times, lines } = this.#drawing;
    return [[...times], ...lines.map(({ values }) => [...values])];
  }

  #resize(): void {
    const width = this.#canvas.clientWidth;
    if (this.#plot === null) this.redraw();
    else if (width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: this.#plot.height });
    }
  }

  #options(): uPlot.Options {
    const axis = { stroke: color("--soft-text"), grid: { stroke: color("--grid"), width: 1 } };
    const ticks = { show: false };
    const font = "12px system-ui, sans-serif";
    return {
      width: this.#canvas.clientWidth,
      height: this.#isScore ? SCORE_HEIGHT : VALUE_HEIGHT,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: "iotmon" } },
      scales: this.#isScore ? { y: { range: [0, 1] } } : {},
      axes: [
        {
          ...axis,
          ticks,
          font,
          size: 24,
          space: 90,
          values: (_plot, splits) => tickTexts(splits),
        },
        {
          ...axis,
          ticks,
          font,
          size: 56,
          values: (_plot, values) => values.map((value) => numberText(value)),
          ...(this.#isScore ? { splits: [0, 0.25, ALARM, 0.75, 1] } : {}),
        },
      ],
      series: [
        {},
        ...this.#drawing.lines.map(({ name }, i) => ({
          label: name,
          stroke: color(`--line-${(i % 4) + 1}`),
          width: 1.5,
          points: { show: false },
        })),
      ],
      hooks: {
        drawAxes: [(plot) => this.#mark(plot)],
        setCursor: [() => this.#read()],
      },
    };
  }

  /** Alerts behind the lines, and the alarm line. */
  #mark(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const alert of this.#drawing.alerts) markAlert(plot, alert);
    if (this.#isScore) {
      const y = plot.valToPos(ALARM, "y", true);
      ctx.strokeStyle = color("--critical");
      ctx.setLineDash([6, 4]);
      strokeLine(ctx, bbox.left, y, bbox.left + bbox.width, y);
    }
    ctx.restore();
  }

  /** Says what is under the cursor, or what is newest. */
  #read(): void {
    const { times, lines } = this.#drawing;
    const i = this.#plot?.cursor.idx ?? times.length - 1;
    const time = times[i];
    const values = lines.map(({ name, values: series }, line) => {
      const value = element("strong", {}, numberText(series[i]));
      const key = element("span", { class: `key line-${(line % 4) + 1}` });
      return element("span", {}, key, `${this.#isScore ? "score " : ""}${name} `, value);
    });
    const when = element("small", {}, time === undefined ? "" : timeText(time * 1000));
    const text = [...values, when].map((node) => node.textContent).join(" ");
    if (this.#readout.dataset["text"] === text) return;
    this.#readout.dataset["text"] = text;
    this.#readout.replaceChildren(...values, when);
  }
}

function markAlert(plot: uPlot, { startedAt, endedAt, severity }: ShownAlert): void {
  const { ctx, bbox } = plot;
  const start = plot.valToPos(Date.parse(startedAt) / 1000, "x", true);
  const end = endedAt ? plot.valToPos(Date.parse(endedAt) / 1000, "x", true) : null;
  ctx.fillStyle = color(`--${severity}`);
  ctx.strokeStyle = ctx.fillStyle;
  if (endedAt !== "") {
    ctx.globalAlpha = 0.14;
    ctx.fillRect(start, bbox.top, (end ?? bbox.left + bbox.width) - start, bbox.height);
    ctx.globalAlpha = 1;
  }
  ctx.lineWidth = 2;
  strokeLine(ctx, start, bbox.top, start, bbox.top + bbox.height);
  const size = 5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(start - size, bbox.top);
  ctx.lineTo(start + size, bbox.top);
  ctx.lineTo(start, bbox.top + 1.6 * size);
  ctx.fill();
}

function strokeLine(
  ctx: CanvasRenderingContext2D,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/** A colour of the style as it is now, light or dark. */
function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
