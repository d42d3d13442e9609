import { element } from "../../../page/client/dom.ts";
import type { ReportData } from "../../data/report-data.ts";
import { table } from "../table.ts";

/** The settings of the run, and how to reproduce it. */
export function origin({ settings, reproduction }: ReportData): HTMLElement[] {
  const { command, versions, inputs } = reproduction;
  const with_ = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    element(
      "section",
      { class: "panel", id: "settings", "aria-labelledby": "settings-title" },
      element("h2", { id: "settings-title" }, "Settings"),
      element(
        "p",
        { class: "soft" },
        "The pipeline as given. Settings that it leaves out have their defaults. Secrets are masked.",
      ),
      element("pre", { tabindex: "0", "aria-label": "Pipeline" }, settings),
    ),
    element(
      "section",
      { class: "panel", id: "reproduce", "aria-labelledby": "reproduce-title" },
      element("h2", { id: "reproduce-title" }, "How to reproduce"),
      element(
        "p",
        { class: "soft" },
        `${with_.join(", ")}. The same command, versions and inputs give the same file, byte for byte.`,
      ),
      element("pre", { tabindex: "0", "aria-label": "Command" }, command),
      table(
        "Inputs",
        ["File", "Bytes", "SHA-256"],
        inputs.map(({ name, bytes, sha256 }) => [
          name,
          bytes ?? "–",
          sha256 ?? "unknown: the input can be read only once",
        ]),
      ),
    ),
  ];
}
