import { element } from "../../../page/client/dom.ts";
import type { ShownEpisode } from "../data/episodes.ts";
import type { Result } from "../data/result.ts";
import { table } from "../table.ts";
import { plural } from "../texts.ts";

/** The episodes that the cooldown suppressed. @param show Called to list them. */
export function suppressed(
  { withheld: count, messages }: Result,
  episodes: readonly ShownEpisode[],
  show: () => void,
): HTMLElement {
  const quiet = new Map<string, number>();
  for (const { isNotified, sensorName, detector } of episodes) {
    if (isNotified) continue;
    const name = JSON.stringify([sensorName, detector]);
    quiet.set(name, (quiet.get(name) ?? 0) + 1);
  }
  const rows = [...quiet]
    .sort(([, a], [, b]) => b - a)
    .map(([name, total]) => [...(JSON.parse(name) as [string, string]), total]);
  const list = element(
    "button",
    { type: "button", class: "plain" },
    "Show them in the alert table",
  );
  list.addEventListener("click", show);
  const text = `The cooldown suppressed ${plural(count, "episode")}: each started within the cooldown of another one and was not more severe. The run would have sent ${plural(messages, "message")}.`;
  return element(
    "section",
    { class: "panel", id: "withheld", "aria-labelledby": "withheld-title" },
    element("h2", { id: "withheld-title" }, "Suppressed"),
    element("p", {}, text),
    ...(rows.length === 0
      ? []
      : [
          element("p", {}, list),
          table("By sensor and detector", ["Sensor", "Detector", "Episodes"], rows),
        ]),
  );
}
