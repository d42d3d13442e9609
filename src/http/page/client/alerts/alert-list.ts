import { element } from "../../../../page/client/dom.ts";
import { reasons } from "../../../../page/client/reasons.ts";
import { localTimes } from "../../../../page/client/texts.ts";
import type { ShownAlert } from "./alert-log.ts";

/** The alerts of a buffer with their reasons. */
export class AlertList {
  readonly node: HTMLElement;
  readonly #list = element("ul", { class: "alerts" });
  readonly #choose: (sensor: string) => void;
  /** JSON of the shown alerts, to skip updates without changes. */
  #shown = "";

  constructor(choose: (sensor: string) => void) {
    this.#choose = choose;
    const title = element("h2", { id: "alerts" }, "Alerts");
    this.node = element(
      "section",
      { class: "panel", "aria-labelledby": "alerts" },
      title,
      this.#list,
    );
  }

  show(alerts: readonly ShownAlert[]): void {
    const text = JSON.stringify(alerts);
    if (text === this.#shown) return;
    const isOpen = new Set([...this.#list.querySelectorAll("details[open]")].map((one) => one.id));
    const focused = document.activeElement?.id ?? "";
    this.#shown = text;
    const none = element("li", { class: "soft" }, "No alerts so far.");
    this.#list.replaceChildren(
      ...(alerts.length === 0 ? [none] : alerts.map((alert) => this.#row(alert, isOpen))),
    );
    if (focused.startsWith("alert-")) document.getElementById(focused)?.focus();
  }

  #row(alert: ShownAlert, isOpen: ReadonlySet<string>): HTMLElement {
    const { episode, sensor, severity, startedAt, endedAt, summary, contributions } = alert;
    const id = `alert-${episode}`;
    const show = element("button", { type: "button", id: `${id}-show`, class: "plain" }, sensor);
    show.addEventListener("click", () => this.#choose(sensor));
    const since = localTimes.text(startedAt);
    const until = endedAt === "" ? ", over" : ` to ${localTimes.text(endedAt ?? startedAt)}`;
    const when = endedAt === null ? `since ${since}` : `${since}${until}`;
    const head = element(
      "p",
      {},
      element("span", { class: "state", "data-state": severity }, severity),
      " ",
      show,
      element("small", {}, ` ${alert.detector}, ${when}`),
    );
    const details = element(
      "details",
      { id: `${id}-why`, open: isOpen.has(`${id}-why`) },
      element("summary", { id }, summary),
      reasons(contributions),
    );
    return element("li", { class: endedAt === null ? "going-on" : "over" }, head, details);
  }
}
