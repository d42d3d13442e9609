import { SEVERITIES, type Severity } from "../../../core/alerts/severity.ts";
import { isoTime } from "../../../core/timestamp/iso-time.ts";
import type { AlertBody } from "../../messages/alert-schema.ts";

/** One alert as Prometheus Alertmanager's `POST /api/v2/alerts` takes it. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/**
 * Converts a message to the alerts that it changes in Alertmanager.
 *
 * Alertmanager identifies an alert by its labels, and the severity is one of them. So an escalation starts
 * another alert, and the same message ends the milder ones. It ends them even if they were never sent:
 * Alertmanager ignores the end of an unknown alert.
 *
 * Alertmanager resolves an alert after some minutes without news, and iotmon sends a message once. So each
 * alert carries the time at which it expires.
 *
 * @param now ms since epoch. Limits end times, because the clock of a sensor may be ahead.
 * @param expiresAfterMs Time until the alerts expire, from now.
 */
export function alertsOf(body: AlertBody, now: number, expiresAfterMs: number): PostableAlert[] {
  const ended = Math.min(Date.parse(body.resolved_at ?? body.timestamp), now);
  const isOver = body.status === "resolved";
  const rank = SEVERITIES.indexOf(body.severity);
  return SEVERITIES.slice(0, rank + 1)
    .reverse()
    .flatMap((severity) => {
      if (severity === body.severity && !isOver) {
        return [alert(body, severity, now, now + expiresAfterMs)];
      }
      return isOver || body.status !== "firing" ? [alert(body, severity, ended, ended)] : [];
    });
}

function alert(
  body: AlertBody,
  severity: Severity,
  latestStart: number,
  endsAt: number,
): PostableAlert {
  return {
    labels: {
      ...body.labels,
      alertname: body.detector,
      pipeline: body.pipeline,
      sensor: body.sensor_id,
      severity,
    },
    annotations: annotations(body),
    startsAt: isoTime(Math.min(Date.parse(body.started_at), latestStart)),
    endsAt: isoTime(endsAt),
  };
}

function annotations(body: AlertBody): Record<string, string> {
  const { anomaly_score: score, rarity } = body;
  return {
    summary: body.explanation.summary,
    ...(score === null ? {} : { anomaly_score: `${score}` }),
    ...(rarity === null ? {} : { rarity }),
    peak_at: body.peak_at,
    episode: body.episode,
    message: body.id,
  };
}
