import type { Contribution } from "../../../../page/client/types.ts";
import type { AlertMessage, Sensor } from "../types.ts";

/** Maximum number of alerts; ended ones are removed first. */
const MAX_ALERTS = 100;

/** From least to most severe. */
const SEVERITIES = ["info", "warning", "critical"];

/** An alert in the list. */
export interface ShownAlert {
  readonly episode: string;
  readonly sensor: string;
  readonly detector: string;
  readonly severity: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Null while the alert is open; empty if it ended at an unknown time. */
  readonly endedAt: string | null;
  readonly summary: string;
  readonly contributions: readonly Contribution[];
}

/** The alerts of a buffer, from messages and from the states of its sensors. */
export class AlertLog {
  readonly #alerts = new Map<string, ShownAlert>();

  /** Open alerts first, sorted by severity and then by start; the newest first. */
  get list(): readonly ShownAlert[] {
    return [...this.#alerts.values()].sort(
      (a, b) => rankOf(b) - rankOf(a) || b.startedAt.localeCompare(a.startedAt),
    );
  }

  /** Adds a message. @returns Whether it opens an unknown alert. */
  addMessage(message: AlertMessage): boolean {
    const { episode, explanation, resolved_at: endedAt } = message;
    const isNew = !this.#alerts.has(episode);
    this.#alerts.set(episode, {
      episode,
      sensor: message.sensor_id,
      detector: message.detector,
      severity: message.severity,
      startedAt: message.started_at,
      endedAt,
      summary: explanation.summary,
      contributions: explanation.contributions,
    });
    this.#shrink();
    return isNew && endedAt === null;
  }

  /** Updates the alerts from all sensors: an alert that no sensor has has ended. @returns New alerts. */
  update(sensors: readonly Sensor[]): readonly ShownAlert[] {
    const fresh: ShownAlert[] = [];
    const open = new Set<string>();
    for (const { sensor_id: sensor, alerts } of sensors) {
      for (const { started_at: startedAt, ...rest } of alerts) {
        const alert = { ...rest, sensor, startedAt, endedAt: null };
        open.add(alert.episode);
        if (!this.#alerts.has(alert.episode)) fresh.push(alert);
        this.#alerts.set(alert.episode, alert);
      }
    }
    for (const alert of this.#alerts.values()) {
      if (alert.endedAt !== null || open.has(alert.episode)) continue;
      this.#alerts.set(alert.episode, { ...alert, endedAt: "" });
    }
    this.#shrink();
    return fresh;
  }

  #shrink(): void {
    for (const { episode } of this.list.slice(MAX_ALERTS)) this.#alerts.delete(episode);
  }
}

/** Rank of an open alert by severity; ended alerts have the lowest. */
function rankOf({ endedAt, severity }: ShownAlert): number {
  return endedAt === null ? 1 + SEVERITIES.indexOf(severity) : -1;
}
