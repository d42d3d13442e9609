import { element } from "../../page/client/dom.ts";
import type { ShownEpisode } from "./episodes.ts";
import type { Result } from "./result.ts";
import { table } from "./table.ts";
import { plural } from "./texts.ts";

/** What nobody would have been told of, and why. @param show Called to list it. */
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
  const list = element("button", { type: "button", class: "plain" }, "Show them among the alerts");
  list.addEventListener("click", show);
  const text = `${plural(count, "episode")} began within the cooldown after another and was no worse: nobody would have been told. ${plural(messages, "message")} would have been sent.`;
  return element(
    "section",
    { class: "panel", id: "withheld", "aria-labelledby": "withheld-title" },
    element("h2", { id: "withheld-title" }, "Withheld"),
    element("p", {}, text),
    ...(rows.length === 0
      ? []
      : [
          element("p", {}, list),
          table("By sensor and detector", ["Sensor", "Detector", "Episodes"], rows),
        ]),
  );
}
