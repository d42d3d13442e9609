/**
 * Entry of the report page. All data is in the report file itself.
 *
 * @module
 */
import { byId, element } from "../../page/client/dom.ts";
import type { ReportData } from "../data/report-data.ts";
import { shownEpisodes } from "./data/episodes.ts";
import type { Result } from "./data/result.ts";
import { AlertTable } from "./sections/alert-table.ts";
import { distribution } from "./sections/distribution.ts";
import { origin } from "./sections/origin.ts";
import { summary } from "./sections/summary.ts";
import { suppressed } from "./sections/suppressed.ts";
import { Fleet } from "./sensors/fleet.ts";
import { SensorPanel } from "./sensors/sensor-panel.ts";
import { themeSwitch } from "./theme.ts";
import { shownTimes } from "./times.ts";

const data = JSON.parse(byId("data").textContent ?? "") as ReportData;
const result = data.result as unknown as Result;
const episodes = shownEpisodes(data);
const span = {
  from: Date.parse(result.from ?? "") / 1000 || 0,
  to: Date.parse(result.to ?? "") / 1000 || 1,
};

const times = shownTimes(data.zone);
const panel = new SensorPanel(data, episodes, span, times);
const fleet = new Fleet(data, span, choose);
const alerts = new AlertTable(episodes, data.columns, data.episodes.left_out, times, (episode) => {
  choose(episode.sensor);
  panel.zoomTo(episode);
});

function choose(place: number): void {
  fleet.chosen(place);
  panel.show(place);
}

const sections = [
  summary(data, result, times),
  alerts.node,
  ...(data.sensors.length > 1 ? [fleet.node] : []),
  panel.node,
  distribution(data.detectors),
  suppressed(result, episodes, () => {
    alerts.showSuppressed();
    alerts.node.scrollIntoView({ block: "start" });
    alerts.node.focus({ preventScroll: true });
  }),
  ...origin(data),
];
byId("content").append(...sections);
byId("elsewhere").append(
  ...sections.map((section) =>
    element("a", { href: `#${section.id}` }, section.id === "sensor" ? "Charts" : titleOf(section)),
  ),
  themeSwitch(() => {
    panel.redraw();
    fleet.redraw();
  }),
);
choose(fleet.ranked()[0] ?? 0);

function titleOf(section: HTMLElement): string {
  return section.querySelector("h2")?.textContent ?? section.id;
}
