import type { ChalkInstance } from "chalk";
import { SEVERITIES } from "../../../../core/alerts/severity.ts";
import { paintSeverity } from "../../../render/color.ts";
import type { SensorLine, ShownState } from "./sensor-line.ts";

/** The state of a sensor as text. */
export function stateText(state: ShownState): string {
  switch (state.kind) {
    case "alarm":
      return state.severity;
    case "warming":
      return `warming ${state.seen}/${state.wanted}`;
    case "idle":
      return "no detector";
    default:
      return state.kind;
  }
}

/** Width of the states of these sensors, now and until their warm-up ends. */
export function stateWidth(sensors: readonly SensorLine[]): number {
  const widths = sensors.map(({ state }) =>
    state.kind === "warming"
      ? stateText({ ...state, seen: state.wanted }).length
      : stateText(state).length,
  );
  return Math.max("critical".length, ...widths);
}

/** Colours a text by its state. */
export function paintState(state: ShownState, text: string, color: ChalkInstance): string {
  switch (state.kind) {
    case "alarm":
    case "silent":
      return paintSeverity(state.severity, color, text);
    case "anomalous":
      return color.yellow(text);
    case "ok":
      return color.green(text);
    default:
      return color.dim(text);
  }
}

/** Counts sensors by state, the worst first: `2 critical, 1 silent, 197 ok`. */
export function countStates(sensors: readonly SensorLine[]): string {
  const order = [
    ...[...SEVERITIES].reverse(),
    "silent",
    "anomalous",
    "warming",
    "ok",
    "no detector",
  ];
  const counts = new Map<string, number>();
  for (const { state } of sensors) {
    const name = state.kind === "warming" ? state.kind : stateText(state);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return order
    .flatMap((name) => (counts.has(name) ? `${counts.get(name)} ${name}` : []))
    .join(", ");
}
