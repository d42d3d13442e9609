import { SeriesCollector } from "../backtest/thinning/series-collector.ts";
import type { EnginePlan } from "../engine/plan.ts";
import { createReportData, type ReportParts } from "./data/create-report-data.ts";
import { ReportFile } from "./report-file.ts";
import { reportHtml } from "./report-html.ts";

/** Follows a run and writes its report at the end. */
export class ReportWriter {
  readonly #file: ReportFile;
  /** Takes the readings of the run. */
  readonly series: SeriesCollector;

  private constructor(file: ReportFile, series: SeriesCollector) {
    this.#file = file;
    this.series = series;
  }

  /**
   * @param path Where it goes.
   * @param label The path as the user named it, for errors.
   * @param labelColumn Index of the label column; null: none.
   * @throws {IotmonError} As {@link ReportFile.open}.
   */
  static async open(
    path: string,
    label: string,
    plan: EnginePlan,
    labelColumn: number | null,
  ): Promise<ReportWriter> {
    return new ReportWriter(
      await ReportFile.open(path, label),
      new SeriesCollector(plan, labelColumn),
    );
  }

  /** @throws {IotmonError} As {@link ReportFile.write}. */
  async close(parts: Omit<ReportParts, "series">): Promise<void> {
    const data = createReportData({ ...parts, series: this.series });
    const title = `Backtest of ${parts.plan.pipeline}`;
    await this.#file.write(await reportHtml(data, title));
  }

  /** Gives up. */
  discard(): Promise<void> {
    return this.#file.discard();
  }
}
