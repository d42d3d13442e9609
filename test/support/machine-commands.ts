import { severityOf } from "../../src/core/alerts/severity.ts";
import { isScored, type ScoreColumns } from "../../src/core/detectors/detector.ts";
import type {
  Appended,
  BufferCreated,
  BufferDefinition,
  DetectorCreated,
  DetectorDefinition,
  FeatureDefinitions,
  FeaturesDefined,
  Score,
} from "../../src/service/api.ts";
import type { Refused } from "../../src/service/command-error.ts";
import type { CommandExecutor, CommandKind, Outcome } from "../../src/service/commands.ts";
import type { RowsEffect } from "../../src/service/effects.ts";
import { orNull } from "../../src/service/live-pipeline/explanations.ts";
import type { RowObject } from "../../src/service/rows/read-columns.ts";
import type { ReadOptions } from "../../src/service/rows/row-object-reader.ts";
import type { StateMachine } from "../../src/service/state-machine.ts";

/** Executes commands and keeps nothing. */
export function forgetfulExecutor(machine: StateMachine): CommandExecutor {
  return {
    execute: async <K extends CommandKind, T>(
      command: Parameters<typeof machine.execute<K>>[0],
      read?: (outcome: Outcome<K>) => T,
    ) => {
      const outcome = machine.execute(command);
      return (read === undefined ? outcome.answer : read(outcome)) as T;
    },
  };
}

interface Replace {
  readonly replace: boolean;
}

export function createBuffer(
  machine: StateMachine,
  definition: BufferDefinition,
  { replace }: Replace = { replace: false },
): BufferCreated {
  return accepted(machine.execute({ kind: "create_buffer", definition, replace }).answer);
}

export function defineFeatures(
  machine: StateMachine,
  name: string,
  features: FeatureDefinitions,
): FeaturesDefined {
  return machine.execute({ kind: "define_features", name, features }).answer;
}

export function createDetector(
  machine: StateMachine,
  definition: DetectorDefinition,
  { replace }: Replace = { replace: false },
): DetectorCreated {
  return accepted(machine.execute({ kind: "create_detector", definition, replace }).answer);
}

function accepted<T extends { readonly creation: string }>(answer: T | Refused): T {
  if ("conflict" in answer) throw answer.conflict;
  return answer;
}

export function score(
  machine: StateMachine,
  name: string,
  request: {
    readonly features: Readonly<Record<string, unknown>>;
    readonly sensorId?: string | undefined;
    readonly learn: boolean;
  },
): Score {
  return machine.execute({ kind: "score", name, ...request }).answer;
}

/** A verdict on a row. */
interface RowScore {
  readonly detector: string;
  readonly isAnomaly: boolean;
  readonly anomalyScore: number;
  readonly rawScore: number | null;
  readonly p: number | null;
  readonly severity: string | null;
}

/** Appends rows. @returns The answer, with the verdicts on each row. */
export function append(
  machine: StateMachine,
  name: string,
  rows: readonly RowObject[],
  { arrivalMs, strict }: ReadOptions,
): Appended & { readonly results: readonly { readonly scores: readonly RowScore[] }[] } {
  const { answer, effect } = machine.execute({ kind: "append", name, rows, arrivalMs, strict });
  return { ...answer, results: effect === null ? [] : resultsOf(effect) };
}

function resultsOf({ hosted, scored: { batch, output } }: RowsEffect) {
  const { keys, shape } = hosted.pipeline;
  return Array.from({ length: batch.length }, (_, i) => ({
    row: batch.rows[i] as number,
    timestamp: batch.eventTimes[i] as number,
    sensorId: keys.name(batch.keys[i] as number),
    scores: shape.detectors.flatMap(({ name, alerts }, d): RowScore[] => {
      const scores = output.scores[d] as ScoreColumns;
      if (!isScored(scores, i)) return [];
      const isAnomaly = scores.isAnomaly[i] === 1;
      const anomalyScore = scores.anomalyScore[i] as number;
      return [
        {
          detector: name,
          isAnomaly,
          anomalyScore,
          rawScore: orNull(scores.rawScore[i] as number),
          p: orNull(scores.p[i] as number),
          severity: severityOf(isAnomaly, anomalyScore, alerts.severity),
        },
      ];
    }),
  }));
}
