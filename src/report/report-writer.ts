import { SeriesCollector } from "../backtest/thinning/series-collector.ts";
import type { EnginePlan } from "../engine/plan.ts";
import { OutputFile } from "../io/output-file.ts";
import { createReportData, type ReportParts } from "./data/create-report-data.ts";
import { reportHtml } from "./report-html.ts";

/** Collects the readings of a run for charts, and writes its report at the end. */
export class ReportWriter {
  readonly #file: OutputFile;
  /** Takes the readings of the run. */
  readonly series: SeriesCollector;

  private constructor(file: OutputFile, series: SeriesCollector) {
    this.#file = file;
    this.series = series;
  }

  /**
   * @param path Of the report file.
   * @param label The path as the user named it, for errors.
   * @param labelColumn Index of the label column; null: none.
   * @throws {IotmonError} As {@link OutputFile.open}, before the run starts.
   */
  static async open(
    path: string,
    label: string,
    plan: EnginePlan,
    labelColumn: number | null,
  ): Promise<ReportWriter> {
    const file = await OutputFile.open(path, "the report", label);
    return new ReportWriter(file, new SeriesCollector(plan, labelColumn));
  }

  /** @throws {IotmonError} As {@link OutputFile.close}. */
  async close(parts: Omit<ReportParts, "series">): Promise<void> {
    const data = createReportData({ ...parts, series: this.series });
    const title = `Backtest of ${parts.plan.pipeline}`;
    await this.#file.append(await reportHtml(data, title));
    await this.#file.close();
  }

  /** Removes the written part; an earlier report of that name stays. */
  async discard(): Promise<void> {
    await this.#file.discard();
  }
}
