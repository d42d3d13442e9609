import type { Contribution } from "../../../../page/client/types.ts";
import type { AlertMessage, Sensor } from "../types.ts";

/** Alerts that are kept; those that are over go first. */
const MOST_KEPT = 100;

/** From least to most severe. */
const SEVERITIES = ["info", "warning", "critical"];

/** An alert as it is shown. */
export interface ShownAlert {
  readonly episode: string;
  readonly sensor: string;
  readonly detector: string;
  readonly severity: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Null while it goes on; empty when it is over, and it is not known since when. */
  readonly endedAt: string | null;
  readonly summary: string;
  readonly contributions: readonly Contribution[];
}

/** The alerts of one buffer: from messages, and from how the sensors stand. */
export class AlertLog {
  readonly #alerts = new Map<string, ShownAlert>();

  /** Those going on first, of these the most severe, then the newest. */
  get list(): readonly ShownAlert[] {
    return [...this.#alerts.values()].sort(
      (a, b) => rankOf(b) - rankOf(a) || b.startedAt.localeCompare(a.startedAt),
    );
  }

  /** @returns Whether the alert was not known, and goes on. */
  message(message: AlertMessage): boolean {
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

  /** Takes how all sensors stand: what is not among their alerts is over. @returns New alerts. */
  standing(sensors: readonly Sensor[]): readonly ShownAlert[] {
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
    for (const { episode } of this.list.slice(MOST_KEPT)) this.#alerts.delete(episode);
  }
}

/** Of alerts that are going on; others have none. */
function rankOf({ endedAt, severity }: ShownAlert): number {
  return endedAt === null ? 1 + SEVERITIES.indexOf(severity) : -1;
}
