import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertBodies } from "../../../src/io/outbox/alert-delivery.ts";
import { messageOrigin } from "../../../src/service/queries/shown-plan.ts";
import { RowTexts } from "../../../src/service/scoring/row-texts.ts";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { PIPELINES, startApi } from "../../http/support.ts";
import {
  type BadTimeCase,
  badTimeCases,
  jsonLines,
  rowOf,
} from "../../support/bad-time-streams.ts";
import { cutAt } from "../../support/batches.ts";
import { runCli } from "../../support/run-cli.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** Recordings for each mode; more when asked for. */
const RUNS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 15);
const cuts = fc.array(fc.nat(140), { maxLength: 5 });

interface Message {
  readonly id: string;
  readonly sensor_id: string;
}

/** A folder with the pipeline of a case. */
async function folderOf({ pipeline }: BadTimeCase): Promise<string> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "plant.yaml"), JSON.stringify(pipeline));
  return cwd;
}

/** Whether readings wait to be sorted. */
function waits({ pipeline }: BadTimeCase): boolean {
  return JSON.stringify(pipeline).includes("lateness");
}

/** With lateness, readings wait for the next session, and how many do depends on all sensors. */
function expectSame(wrong: readonly string[], rejected: readonly string[], one: BadTimeCase): void {
  const shared = waits(one) ? Math.min(wrong.length, rejected.length) : undefined;
  expect(wrong.slice(0, shared)).toEqual(rejected.slice(0, shared));
}

/** Scored rows without the alerts of a sensor, which may fire at a row of another one. */
function withoutAlertsOf(
  sensor: string,
  rows: readonly string[],
  messages: readonly string[],
): readonly string[] {
  const all: readonly Message[] = messages.map((text) => JSON.parse(text));
  const ids = new Set(all.filter(({ sensor_id }) => sensor_id === sensor).map(({ id }) => id));
  return rows.map((text) => {
    const row = JSON.parse(text) as { readonly alerts: readonly Message[] };
    return JSON.stringify({ ...row, alerts: row.alerts.filter(({ id }) => !ids.has(id)) });
  });
}

/** Lines of JSON about other sensors than the one with the bad line. */
function others(text: string, { sensor }: BadTimeCase): readonly string[] {
  return text.split("\n").filter((line) => line !== "" && JSON.parse(line).sensor_id !== sensor);
}

describe("a bad line leaves the output about other sensors as it is without that line", () => {
  it("in a replay, with one or two workers", async () => {
    const property = fc.asyncProperty(
      badTimeCases,
      fc.constantFrom("1", "2"),
      async (one, workers) => {
        const cwd = await folderOf(one);
        const replay = async (kind: "wrong" | "rejected"): Promise<readonly string[]> => {
          await writeFile(join(cwd, "plant.jsonl"), jsonLines(one, kind));
          const args = ["replay", "plant.jsonl", "-p", "plant.yaml", "--format", "jsonl"];
          const { code, stdout, stderr } = await runCli(
            [...args, "--scores", "scores.jsonl", "--features", "--workers", workers],
            { cwd },
          );
          expect(code, stderr).toBe(0);
          const scores = await readFile(join(cwd, "scores.jsonl"), "utf8");
          return [...others(scores, one), ...others(stdout, one)];
        };
        expect(await replay("wrong")).toEqual(await replay("rejected"));
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  });

  it("in watch, whose lines come in pieces", async () => {
    const property = fc.asyncProperty(badTimeCases, cuts, async (one, places) => {
      const cwd = await folderOf(one);
      const watch = async (kind: "wrong" | "rejected"): Promise<readonly string[]> => {
        const args = ["watch", "-", "-p", "plant.yaml", "--format", "jsonl", "--all"];
        const input = cutAt([...jsonLines(one, kind)], places).map((part) => part.join(""));
        const run = await runCli([...args, "--state", kind], { cwd, input });
        expect(run.code, run.stderr).toBe(0);
        return others(run.stdout, one);
      };
      expectSame(await watch("wrong"), await watch("rejected"), one);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  it("over HTTP, in calls of any size", async () => {
    const property = fc.asyncProperty(badTimeCases, cuts, async (one, places) => {
      const serve = async (kind: "wrong" | "rejected") => {
        const machine = new StateMachine();
        const scores: string[] = [];
        const messages: string[] = [];
        machine.listen({
          rows(hosted, scored) {
            const rows = RowTexts.of(hosted, scored);
            for (let i = 0; i < rows.length; i++) scores.push(`{${rows.fields(i)}}`);
            for (const body of alertBodies(scored.output.events, messageOrigin(hosted))) {
              messages.push(JSON.stringify(body));
            }
          },
        });
        const api = await startApi({ machine });
        const { status } = await api.send("PUT", `${PIPELINES}/plant`, one.pipeline);
        expect(status).toBe(201);
        const isRejected = (place: number): boolean => place === one.place && kind === "rejected";
        const items = one.lines.map((line, i) => (isRejected(i) ? null : rowOf(line)));
        for (const rows of cutAt(items, places)) {
          if (rows.length === 0) continue;
          const answer = await api.post(`${PIPELINES}/plant/readings`, { rows });
          expect(answer.status).toBe(200);
        }
        return {
          rows: others(withoutAlertsOf(one.sensor, scores, messages).join("\n"), one),
          messages: others(messages.join("\n"), one),
        };
      };
      const [wrong, rejected] = [await serve("wrong"), await serve("rejected")];
      expectSame(wrong.rows, rejected.rows, one);
      expectSame(wrong.messages, rejected.messages, one);
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});
