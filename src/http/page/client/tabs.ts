import { element, setAttributes, setText } from "../../../page/client/dom.ts";
import { countText } from "../../../page/client/texts.ts";
import type { BufferOverview, SensorState } from "./types.ts";

/** Counted states, the worst first. */
const SHOWN: readonly SensorState[] = [
  "critical",
  "warning",
  "info",
  "anomalous",
  "warming",
  "ok",
  "idle",
];

interface Tab {
  readonly button: HTMLButtonElement;
  readonly facts: HTMLElement;
  readonly states: HTMLElement;
}

/** Tabs for the buffers and pipelines. */
export class Tabs {
  readonly node = element("nav", { class: "tabs", "aria-label": "Pipelines and buffers" });
  readonly #tabs = new Map<string, Tab>();
  readonly #choose: (name: string) => void;

  constructor(choose: (name: string) => void) {
    this.#choose = choose;
  }

  show(buffers: readonly BufferOverview[], chosen: string): void {
    const names = new Set(buffers.map(({ name }) => name));
    for (const [name, { button }] of this.#tabs) {
      if (names.has(name)) continue;
      button.remove();
      this.#tabs.delete(name);
    }
    for (const buffer of buffers) {
      const { name, kind, sensors, rows_appended: rows } = buffer;
      const tab = this.#tabs.get(name) ?? this.#add(name);
      setAttributes(tab.button, { "aria-pressed": String(name === chosen) });
      const unit = sensors === 1 ? "sensor" : "sensors";
      setText(tab.facts, `${kind}, ${countText(sensors)} ${unit}, ${countText(rows)} rows`);
      showStates(tab.states, buffer);
    }
  }

  #add(name: string): Tab {
    const facts = element("small");
    const states = element("span", { class: "states" });
    const button = element(
      "button",
      { type: "button" },
      element("strong", {}, name),
      facts,
      states,
    );
    button.addEventListener("click", () => this.#choose(name));
    this.node.append(button);
    const tab = { button, facts, states };
    this.#tabs.set(name, tab);
    return tab;
  }
}

function showStates(target: HTMLElement, { states }: BufferOverview): void {
  const shown = SHOWN.filter((state) => states[state] > 0);
  const text = JSON.stringify(states);
  if (target.dataset["states"] === text) return;
  target.dataset["states"] = text;
  target.replaceChildren(
    ...shown.flatMap((state) => {
      const label = state === "idle" ? "without detector" : state;
      return [
        element("span", { class: "state", "data-state": state }, `${states[state]} ${label}`),
        " ",
      ];
    }),
  );
}
