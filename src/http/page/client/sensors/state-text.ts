import { countText } from "../../../../page/client/texts.ts";
import type { Sensor } from "../types.ts";

/** The state of a sensor in words. */
export function stateText({ state, observations_seen: seen, observations_needed: needed }: Sensor) {
  if (state === "warming") return `warming ${countText(seen)}/${countText(seen + needed)}`;
  return state === "idle" ? "no detector" : state;
}
