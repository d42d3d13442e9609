import { ReadingBuffer } from "../buffer/reading-buffer.ts";
import type { ResolvedPipeline } from "../config/resolve.ts";
import type { AlertEvent } from "../core/alerts/alert-event.ts";
import type { Batch, SequencedBatch } from "../core/batch.ts";
import { IotmonError } from "../core/errors.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import { Intake, type OutOfOrderPolicy } from "../engine/intake.ts";
import type { RecordedTime } from "../io/session-recording/open-session-recording.ts";
import { createRuntime } from "../runtime/create-runtime.ts";
import type { SpareThreads } from "../runtime/spare-threads.ts";
import { BacktestCollector } from "./collector.ts";
import { pace } from "./pace.ts";
import type { BacktestResult } from "./result/backtest-result.ts";
import type { ScoresWriter } from "./scores/scores-writer.ts";
import type { SeriesCollector } from "./thinning/series-collector.ts";
import { upTo } from "./up-to.ts";

/** What a replay runs on, and how much of it. */
export interface ReplaySetup {
  readonly pipeline: ResolvedPipeline;
  readonly keys: KeyTable;
  readonly outOfOrder: OutOfOrderPolicy;
  /** Label column that says what was really wrong, as an index; null: none does. */
  readonly label: number | null;
  /** Event time from which on results are reported, ms; earlier rows warm the models. */
  readonly from: number;
  /** Event time after which the replay stops, ms. */
  readonly to: number;
  /** Readings after which it stops; those that {@link outOfOrder} drops are counted too. */
  readonly limit: number;
  /** Event time per clock time; Infinity: as fast as it goes. */
  readonly speed: number;
  /** Engines that sensors are spread over; 1: one, in this thread. */
  readonly workers: number;
  /** Threads that were started before; left out: none was. */
  readonly spare?: SpareThreads | undefined;
  /** Whether the result lists episodes withheld by the cooldown too, or only counts them. */
  readonly keepSuppressed: boolean;
  /** Takes the scores of each batch before {@link onBatch}; null: nobody wants them. */
  readonly scores: Pick<ScoresWriter, "write"> | null;
  /** Follows the readings for charts; left out: nobody wants any. */
  readonly series?: SeriesCollector | undefined;
  /** What time did among the readings, as {@link Watched} has it; left out: nothing. */
  readonly times?: RecordedTime[] | undefined;
  readonly signal: AbortSignal;
  /** Called after each batch: messages of the reported span, in order. */
  onBatch(messages: readonly AlertEvent[], readings: number): Promise<void>;
}

/** What a replay leaves behind. */
export interface ReplayOutcome {
  readonly result: BacktestResult;
  /** The newest readings. */
  readonly buffer: ReadingBuffer;
  /** Bytes that windows and models held at the end. */
  readonly bytes: number;
}

/**
 * Runs recorded readings through the engine that live modes use, and adds up what would have fired.
 *
 * @param batches Readings in the order of the input; read no further than needed.
 */
export async function replay(
  batches: AsyncIterable<Batch>,
  setup: ReplaySetup,
): Promise<ReplayOutcome> {
  const { pipeline, keys, scores, signal } = setup;
  const { plan, layout, maxRows } = pipeline;
  const intake = new Intake(setup.outOfOrder, pipeline.ranges);
  const buffer = new ReadingBuffer(layout, keys, { maxRows });
  const runtime = createRuntime(plan, keys, setup.workers, setup.spare);
  const collector = new BacktestCollector(
    plan,
    keys,
    setup.from,
    setup.label,
    setup.keepSuppressed,
  );
  const collect = async (rows: SequencedBatch, output: EngineOutput): Promise<void> => {
    const { messages, first } = collector.add(rows, output);
    setup.series?.add(rows, output, first);
    await scores?.write(rows, output, first);
    await setup.onBatch(messages, collector.readings);
  };
  const running: { readonly rows: SequencedBatch; readonly output: Promise<EngineOutput> }[] = [];
  const collectNext = async (): Promise<void> => {
    const next = running.shift();
    if (next !== undefined) await collect(next.rows, await next.output);
  };
  let taken = 0;
  const passTime = async (): Promise<void> => {
    const { times = [] } = setup;
    for (let next = times[0]; next !== undefined && next.after <= taken; next = times[0]) {
      times.shift();
      if ("now" in next && next.now > setup.to) continue;
      while (running.length > 0) await collectNext();
      if ("pause" in next) {
        await runtime.pause(next.pause.from, next.pause.to);
        continue;
      }
      const { events, episodes } = await runtime.tick(next.now);
      await setup.onBatch(collector.tick(events, episodes), collector.readings);
    }
  };
  try {
    for await (const batch of pace(batches, setup.speed, signal)) {
      if (signal.aborted) break;
      await passTime();
      // cut before the intake, which would count what is not replayed
      const wanted = upTo(batch, setup.to, setup.limit - taken);
      taken += wanted.length;
      const rows = intake.accept(wanted);
      buffer.append(rows);
      // workers run these rows while this thread looks at earlier ones, and reads the next
      const output = runtime.submit(rows);
      output.catch(() => {}); // it is awaited later; until then nobody is to be alarmed
      running.push({ rows, output });
      if (running.length >= runtime.depth) await collectNext();
      if (taken >= setup.limit || wanted.length < batch.length) break;
    }
    while (running.length > 0) await collectNext();
    await passTime();
  } catch (error) {
    await runtime.stop().catch(() => {});
    throw error;
  }
  const { open, bytes } = await runtime.stop();
  const result = collector.finish(open, intake.outOfOrder);
  if (result.readings === 0 && !signal.aborted) throw nothingToReplay(setup);
  return { result, buffer, bytes };
}

function nothingToReplay({ to }: ReplaySetup): IotmonError {
  return new IotmonError("ERR_DATA", "no reading could be used", {
    hint:
      to < Number.POSITIVE_INFINITY
        ? "Check that --to is not before the first reading"
        : "Write the rejected lines to a file with --rejects FILE and look at their reasons",
  });
}
