import type { ChalkInstance } from "chalk";
import { dateTimeText, isoTime } from "../../../core/timestamp/iso-time.ts";
import type { SourceState } from "../../../service/live-pipeline/source-states.ts";
import { SENSOR_STATES } from "../../../service/queries/queries.ts";
import type { StateMachine } from "../../../service/state-machine.ts";
import type { FoundDamage } from "../../../state/files/damage-history.ts";
import { formatBytes, formatCount, plural, printable } from "../../render/format.ts";
import { plainTable } from "../../render/plain-table.ts";

/** Damages that the text shows. */
const MOST_DAMAGES = 10;

/** The contents of a state directory. */
export interface StateFacts {
  readonly machine: StateMachine;
  /** Size of all its files. */
  readonly bytes: number;
  /** Undelivered messages. */
  readonly pending: number;
  /** Dead letters. */
  readonly dead: number;
  /** Damages found so far, the oldest first. */
  readonly damages: readonly FoundDamage[];
}

/** The facts as JSON: times in ISO 8601; null if unknown. */
export function stateToJson(
  path: string,
  { machine, bytes, pending, dead, damages }: StateFacts,
): object {
  return {
    state: path,
    bytes,
    messages_pending: pending,
    dead_letters: dead,
    records_lost: lostIn(damages),
    damages: damages.map(({ foundMs, at, message, records }) => ({
      found: isoTime(foundMs),
      at,
      message,
      records,
    })),
    pipelines: machine.queries.overview().map((overview) => {
      const { name, kind, rowsAppended, columns, detectors, sensorCount, states } = overview;
      const newest = newestOf(machine, name);
      return {
        name,
        kind,
        rows: rowsAppended,
        columns,
        detectors,
        sensors: sensorCount,
        states,
        newest: Number.isFinite(newest) ? isoTime(newest) : null,
        sources: sourcesOf(machine, name).map(([source, { format, rows, position }]) => ({
          source,
          format: format?.profile.format ?? null,
          rows,
          position,
        })),
      };
    }),
  };
}

/** The facts as text. */
export function renderState(path: string, facts: StateFacts, color: ChalkInstance): string {
  const { machine, bytes, pending, dead, damages } = facts;
  const lines = [`${printable(path)}: ${formatBytes(bytes)}`];
  for (const { name, kind, rowsAppended, sensorCount, states } of machine.queries.overview()) {
    const newest = newestOf(machine, name);
    const until = Number.isFinite(newest) ? `, the newest from ${dateTimeText(newest)}` : "";
    const counts = SENSOR_STATES.filter((state) => states[state] > 0);
    lines.push(
      "",
      color.bold(`${kind} ${printable(name)}`),
      `${plural(rowsAppended, "reading")}${until}`,
      `${plural(sensorCount, "sensor")}: ${counts.map((state) => `${states[state]} ${state}`).join(", ") || "none yet"}`,
    );
    const sources = sourcesOf(machine, name).map(([source, { format, rows, position }]) => [
      printable(source),
      format?.profile.format ?? "–",
      formatCount(rows),
      position === null ? "–" : JSON.stringify(position),
    ]);
    if (sources.length > 0) {
      lines.push(
        "",
        ...plainTable(["SOURCE", "FORMAT", "ROWS", "READ UP TO"], sources, color, [2]),
      );
    }
  }
  if (pending > 0) lines.push("", `${plural(pending, "message")} not delivered yet`);
  if (dead > 0) {
    lines.push("", `${plural(dead, "dead letter")}: iotmon dead-letters list --state ${path}`);
  }
  if (damages.length > 0) {
    const shown = damages.slice(-MOST_DAMAGES);
    const older = damages.length - shown.length;
    const found = shown.map(({ foundMs, at, message, records }) => [
      dateTimeText(foundMs),
      printable(at),
      formatCount(records),
      printable(message),
    ]);
    lines.push(
      "",
      `${plural(damages.length, "damage")} found, records lost: ${formatCount(lostIn(damages))}`,
      ...plainTable(["FOUND", "WHERE", "LOST", "WHAT"], found, color, [2]),
      ...(older > 0 ? [`and ${older} earlier ones: --format json`] : []),
    );
  }
  return `${lines.join("\n")}\n`;
}

function lostIn(damages: readonly FoundDamage[]): number {
  return damages.reduce((sum, { records }) => sum + records, 0);
}

function newestOf(machine: StateMachine, name: string): number {
  return machine.pipelines().includes(name)
    ? machine.pipeline(name).pipeline.watermark
    : Number.NEGATIVE_INFINITY;
}

function sourcesOf(
  machine: StateMachine,
  name: string,
): readonly (readonly [string, SourceState])[] {
  if (!machine.pipelines().includes(name)) return [];
  const { sources } = machine.pipeline(name).pipeline;
  return sources.names.map((name) => [name, sources.get(name)] as const);
}
