import { element, setAttributes, setText } from "../../../page/client/dom.ts";
import { reasons } from "../../../page/client/reasons.ts";
import { numberText } from "../../../page/client/texts.ts";
import { SEVERITIES, type ShownEpisode } from "../data/episodes.ts";
import { scrolled } from "../table.ts";
import { plural, spanText } from "../texts.ts";
import type { ShownTimes } from "../times.ts";

/** Rows per page. */
const PAGE_ROWS = 100;

type Order = (a: ShownEpisode, b: ShownEpisode) => number;

const HEADS: readonly (readonly [name: string, order: Order | null])[] = [
  ["Start", (a, b) => a.started - b.started],
  ["Lasted", (a, b) => a.last - a.started - (b.last - b.started)],
  ["Sensor", (a, b) => a.sensorName.localeCompare(b.sensorName, "en", { numeric: true })],
  ["Detector", (a, b) => a.detector.localeCompare(b.detector, "en")],
  ["Severity", (a, b) => a.rank - b.rank],
  ["Peak", (a, b) => a.score - b.score],
  ["Why", null],
];

/** The alert table of a report: filter, sort, and select an alert for the charts. */
export class AlertTable {
  readonly node: HTMLElement;
  readonly #episodes: readonly ShownEpisode[];
  readonly #columns: readonly string[];
  readonly #times: ShownTimes;
  readonly #show: (episode: ShownEpisode) => void;
  readonly #body = element("tbody");
  readonly #count = element("p", { class: "soft", role: "status" });
  readonly #more = element("button", { type: "button" });
  readonly #text = element("input", { type: "search", "aria-label": "Filter alerts" });
  readonly #severity = element("select", { "aria-label": "Severity" });
  readonly #kind = element("select", { "aria-label": "Alerts or suppressed" });
  readonly #heads: HTMLElement[] = [];
  #order: Order = (a, b) => a.started - b.started;
  #direction = 1;
  #limit = PAGE_ROWS;

  /**
   * @param leftOut Number of episodes that the report does not list.
   * @param show Called with the selected episode.
   */
  constructor(
    episodes: readonly ShownEpisode[],
    columns: readonly string[],
    leftOut: number,
    times: ShownTimes,
    show: (episode: ShownEpisode) => void,
  ) {
    this.#episodes = episodes;
    this.#columns = columns;
    this.#show = show;
    this.#times = times;
    this.#text.placeholder = "Sensor, detector or reason";
    const suppressed = episodes.filter(({ isNotified }) => !isNotified).length + leftOut;
    fill(this.#severity, ["all severities", "critical", "warning or worse"]);
    fill(this.#kind, ["alerts", `suppressed (${suppressed})`, "both"]);
    for (const input of [this.#text, this.#severity, this.#kind]) {
      input.addEventListener("input", () => this.#draw(PAGE_ROWS));
    }
    this.#more.addEventListener("click", () => this.#draw(this.#limit + 5 * PAGE_ROWS));
    const lost = `${plural(leftOut, "less severe episode")} not listed; --format csv has them all.`;
    this.node = element(
      "section",
      { class: "panel", id: "alerts", "aria-labelledby": "alerts-title", tabindex: "-1" },
      element("h2", { id: "alerts-title" }, "Alerts"),
      element("div", { class: "tools" }, this.#text, this.#severity, this.#kind, this.#count),
      scrolled("Alerts", element("table", {}, element("thead", {}, this.#headRow()), this.#body)),
      element("p", {}, this.#more),
      ...(leftOut === 0 ? [] : [element("p", { class: "soft" }, lost)]),
    );
    this.#draw(PAGE_ROWS);
  }

  /** Shows the suppressed episodes. */
  showSuppressed(): void {
    this.#kind.selectedIndex = 1;
    this.#draw(PAGE_ROWS);
  }

  #headRow(): HTMLElement {
    const row = element("tr");
    for (const [title, order] of HEADS) {
      const name = title === "Start" ? `${title} (${this.#times.name})` : title;
      const head = element("th", { scope: "col" });
      if (order === null) head.append(name);
      else {
        const button = element("button", { type: "button" }, name);
        button.addEventListener("click", () => this.#sort(order, head));
        head.append(button);
        this.#heads.push(head);
      }
      row.append(head);
    }
    setAttributes(this.#heads[0] ?? row, { "aria-sort": "ascending" });
    return row;
  }

  #sort(order: Order, head: HTMLElement): void {
    // the first click sorts times ascending, everything else descending
    const isFirst = head === this.#heads[0];
    this.#direction = this.#order === order ? -this.#direction : isFirst ? 1 : -1;
    this.#order = order;
    for (const other of this.#heads) other.removeAttribute("aria-sort");
    setAttributes(head, { "aria-sort": this.#direction === 1 ? "ascending" : "descending" });
    this.#draw(PAGE_ROWS);
  }

  #draw(limit: number): void {
    this.#limit = limit;
    const found = this.#found();
    this.#body.replaceChildren(...found.slice(0, limit).map((episode) => this.#row(episode)));
    setText(this.#count, found.length === 0 ? "none" : plural(found.length, "episode"));
    const more = found.length - limit;
    setAttributes(this.#more, { hidden: more <= 0 });
    setText(this.#more, `Show more (${more} left)`);
  }

  #found(): ShownEpisode[] {
    const words = this.#text.value.toLowerCase().split(/\s+/);
    const least = [0, 2, 1][this.#severity.selectedIndex] ?? 0;
    const notified = [true, false, null][this.#kind.selectedIndex] ?? null;
    return this.#episodes
      .filter(({ rank, isNotified, sensorName, detector, why }) => {
        if (rank < least || (notified !== null && notified !== isNotified)) return false;
        const text = `${sensorName} ${detector} ${why}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .sort((a, b) => this.#direction * this.#order(a, b) || a.started - b.started);
  }

  #row(episode: ShownEpisode): HTMLElement {
    const severity = SEVERITIES[episode.rank] ?? "info";
    const when = this.#times.text(episode.started);
    const show = element(
      "button",
      { type: "button", class: "plain", "aria-label": `Show ${when}, ${episode.sensorName}` },
      when,
    );
    const row = element(
      "tr",
      {},
      element("td", { class: "time" }, show),
      element(
        "td",
        { class: "time" },
        `${spanText(episode.last - episode.started)}${Number.isNaN(episode.resolved) ? " →" : ""}`,
      ),
      element("td", {}, episode.sensorName),
      element("td", {}, episode.detector),
      element(
        "td",
        {},
        element("span", { class: "state", "data-state": severity }, severity),
        ...(episode.isNotified ? [] : [element("small", {}, " suppressed")]),
      ),
      element("td", { class: "number" }, episode.score.toFixed(3)),
      element("td", { class: "why" }, this.#why(episode)),
    );
    show.addEventListener("click", () => {
      for (const chosen of this.#body.querySelectorAll(".chosen")) chosen.className = "";
      row.className = "chosen";
      this.#show(episode);
    });
    return row;
  }

  #why({ why, contributions, reading, anomalies, peak }: ShownEpisode): Node | string {
    if (contributions === null) return why;
    const values = (reading ?? []).map(
      (value, i) => `${this.#columns[i] ?? ""} ${numberText(value)}`,
    );
    return element(
      "details",
      {},
      element("summary", {}, why),
      reasons(contributions),
      element(
        "small",
        {},
        `Worst of ${plural(anomalies, "anomalous reading")}, at ${this.#times.text(peak)}: ${values.join(", ")}`,
      ),
    );
  }
}

function fill(select: HTMLSelectElement, texts: readonly string[]): void {
  select.append(...texts.map((text) => element("option", {}, text)));
}
