import { element, setAttributes, setText } from "../../../../page/client/dom.ts";
import { numberText } from "../../../../page/client/texts.ts";
import type { Sensor } from "../types.ts";
import { stateText } from "./state-text.ts";

/** Number of values beside a sensor. */
const SHOWN_VALUES = 3;

interface Row {
  readonly node: HTMLElement;
  readonly state: HTMLElement;
  readonly values: HTMLElement;
}

const order = new Intl.Collator(undefined, { numeric: true });

/** The sensors of a buffer. The list is one place in the tab order; arrow keys move within it. */
export class SensorList {
  readonly node: HTMLElement;
  readonly #list = element("div", { role: "listbox", "aria-label": "Sensors", class: "sensors" });
  readonly #filter = element("input", {
    type: "search",
    placeholder: "Filter sensors",
    "aria-label": "Filter sensors",
    autocomplete: "off",
  });
  readonly #count = element("p", { class: "soft", role: "status" });
  readonly #rows = new Map<string, Row>();
  readonly #choose: (sensor: string) => void;
  #chosen = "";
  #total = 0;

  constructor(choose: (sensor: string) => void) {
    this.#choose = choose;
    this.node = element(
      "section",
      { class: "panel list", "aria-label": "Sensors" },
      this.#filter,
      this.#count,
      this.#list,
    );
    this.#filter.addEventListener("input", () => this.#applyFilter());
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", ({ target }) => {
      const row = target instanceof Element ? target.closest("[data-sensor]") : null;
      if (row instanceof HTMLElement) this.#choose(row.dataset["sensor"] ?? "");
    });
  }

  /** Shows sensors. @param total Number of sensors of the buffer, which may be larger. */
  show(sensors: readonly Sensor[], total: number, chosen: string): void {
    this.#total = total;
    const isSame =
      sensors.length === this.#rows.size &&
      sensors.every(({ sensor_id: id }) => this.#rows.has(id));
    if (!isSame) this.#arrange(sensors);
    for (const sensor of sensors) this.#update(sensor);
    this.choose(chosen);
    if (!isSame) this.#applyFilter();
  }

  /** Marks a sensor as the chosen one. */
  choose(chosen: string): void {
    const before = this.#rows.get(this.#chosen)?.node;
    const row = this.#rows.get(chosen)?.node;
    this.#chosen = chosen;
    // the caller may have chosen the sensor before its row existed
    if (row?.getAttribute("aria-selected") === "true") return;
    if (before !== undefined) setAttributes(before, { "aria-selected": "false", tabindex: "-1" });
    if (row === undefined) return;
    setAttributes(row, { "aria-selected": "true", tabindex: "0" });
    this.#reveal(row);
  }

  /** Scrolls only the list, not the page, to a row. */
  #reveal({ offsetTop: top, offsetHeight: height }: HTMLElement): void {
    const { scrollTop: first, clientHeight: seen } = this.#list;
    if (top < first) this.#list.scrollTop = top;
    else if (top + height > first + seen) this.#list.scrollTop = top + height - seen;
  }

  #arrange(sensors: readonly Sensor[]): void {
    const focused = document.activeElement;
    const ids = new Set(sensors.map(({ sensor_id: id }) => id));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    for (const id of ids) if (!this.#rows.has(id)) this.#rows.set(id, createRow(id));
    const sorted = [...this.#rows].sort(([a], [b]) => order.compare(a, b));
    this.#list.replaceChildren(...sorted.map(([, { node }]) => node));
    // a moved element loses the focus
    if (focused instanceof HTMLElement && this.#list.contains(focused)) focused.focus();
  }

  #update(sensor: Sensor): void {
    const row = this.#rows.get(sensor.sensor_id);
    if (row === undefined) return;
    setAttributes(row.state, { "data-state": sensor.state });
    setText(row.state, stateText(sensor));
    const values = Object.entries(sensor.values).slice(0, SHOWN_VALUES);
    setText(row.values, values.map(([name, value]) => `${name} ${numberText(value)}`).join(" · "));
  }

  #applyFilter(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    let shown = 0;
    for (const [id, { node, state }] of this.#rows) {
      const fits = `${id} ${state.textContent}`.toLowerCase().includes(wanted);
      setAttributes(node, { hidden: !fits });
      if (fits) shown += 1;
    }
    const all = this.#total === 1 ? "1 sensor" : `${this.#total} sensors`;
    setText(this.#count, shown === this.#total ? all : `${shown} of ${all}`);
  }

  #key(event: KeyboardEvent): void {
    const rows = [...this.#list.children].filter(
      (row): row is HTMLElement => row instanceof HTMLElement && !row.hidden,
    );
    const at = rows.findIndex((row) => row.dataset["sensor"] === this.#chosen);
    const to = {
      ArrowDown: Math.min(at + 1, rows.length - 1),
      ArrowUp: Math.max(at - 1, 0),
      PageDown: Math.min(at + 10, rows.length - 1),
      PageUp: Math.max(at - 10, 0),
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    const row = to === undefined ? undefined : rows[to];
    if (row === undefined) return;
    event.preventDefault();
    this.#choose(row.dataset["sensor"] ?? "");
    row.focus();
  }
}

function createRow(id: string): Row {
  const state = element("span", { class: "state" });
  const values = element("small");
  const node = element(
    "div",
    { role: "option", "aria-selected": "false", tabindex: "-1", "data-sensor": id },
    element("strong", {}, id),
    state,
    values,
  );
  return { node, state, values };
}
