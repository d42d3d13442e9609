import { Chart } from "../../../../page/client/charts.ts";
import { element, setAttributes, setText } from "../../../../page/client/dom.ts";
import { localTimes, numberText } from "../../../../page/client/texts.ts";
import type { Mark } from "../../../../page/client/types.ts";
import type { ShownAlert } from "../alerts/alert-log.ts";
import type { Sensor, Trace } from "../types.ts";
import { inTimeOrder } from "./in-time-order.ts";
import { stateText } from "./state-text.ts";

/** Number of columns drawn by default. */
const DRAWN_BY_DEFAULT = 3;

/** View of a sensor: its state, newest values, and charts of the selected columns. */
export class SensorView {
  readonly node: HTMLElement;
  readonly #name = element("h2");
  readonly #state = element("span", { class: "state" });
  readonly #when = element("small");
  readonly #values = element("fieldset", { class: "values" });
  readonly #charts = element("div");
  readonly #scores = new Chart({ isScore: true, times: localTimes });
  readonly #drawn = new Map<string, Chart>();
  readonly #boxes = new Map<string, { box: HTMLInputElement; value: HTMLElement }>();
  #last: readonly [Trace, readonly ShownAlert[]] | null = null;

  constructor() {
    this.node = element(
      "section",
      { class: "panel sensor", id: "sensor", tabindex: "-1", "aria-label": "Sensor" },
      element("div", { class: "head" }, this.#name, this.#state, this.#when),
      this.#values,
      this.#scores.node,
      this.#charts,
    );
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => {
      for (const chart of [...this.#drawn.values(), this.#scores]) chart.redraw();
    });
  }

  /** Sets the columns of the buffer; selects the first ones. */
  columns(names: readonly string[]): void {
    const known = [...this.#boxes.keys()];
    if (known.length === names.length && known.every((name, i) => name === names[i])) return;
    this.#boxes.clear();
    this.#values.replaceChildren(element("legend", { class: "unseen" }, "Columns to draw"));
    for (const [i, name] of names.entries()) {
      const box = element("input", { type: "checkbox" });
      box.checked = i < DRAWN_BY_DEFAULT;
      box.addEventListener("change", () => this.#draw());
      const value = element("strong");
      this.#values.append(element("label", {}, box, element("span", {}, name), value));
      this.#boxes.set(name, { box, value });
    }
    for (const chart of this.#drawn.values()) chart.remove();
    this.#drawn.clear();
  }

  /** Shows the current state of a sensor. */
  sensor(sensor: Sensor): void {
    setText(this.#name, sensor.sensor_id);
    setText(this.#state, stateText(sensor));
    setAttributes(this.#state, { "data-state": sensor.state });
    const { timestamp } = sensor;
    setText(this.#when, timestamp === null ? "no rows" : localTimes.text(timestamp));
    for (const [name, { value }] of this.#boxes) setText(value, numberText(sensor.values[name]));
  }

  /** Draws a trace. @param alerts Alerts of this sensor. */
  trace(trace: Trace, alerts: readonly ShownAlert[]): void {
    this.#last = [trace, alerts];
    this.#draw();
  }

  #draw(): void {
    if (this.#last === null) return;
    const [trace, alerts] = this.#last;
    const marks = alerts.map(markOf);
    const { times, values, scores } = inTimeOrder(trace);
    for (const [name, { box }] of this.#boxes) {
      const chart = this.#drawn.get(name);
      if (!box.checked) {
        chart?.remove();
        this.#drawn.delete(name);
      } else if (chart === undefined)
        this.#drawn.set(name, new Chart({ isScore: false, times: localTimes }));
    }
    const inOrder = [...this.#boxes.keys()].flatMap((name) => this.#drawn.get(name)?.node ?? []);
    if (inOrder.some((node, i) => node !== this.#charts.children[i])) {
      this.#charts.replaceChildren(...inOrder);
    }
    for (const [name, chart] of this.#drawn) {
      chart.show({ times, marks, lines: [{ name, values: values[name] ?? [] }] });
    }
    const lines = Object.entries(scores).map(([name, series]) => ({ name, values: series }));
    setAttributes(this.#scores.node, { hidden: lines.length === 0 });
    if (lines.length > 0) this.#scores.show({ times, marks, lines });
  }
}

function markOf({ severity, startedAt, endedAt }: ShownAlert): Mark {
  const end = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt) / 1000;
  return { severity, start: Date.parse(startedAt) / 1000, end };
}
