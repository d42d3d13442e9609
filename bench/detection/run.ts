/**
 * Quality of the detector on public recordings with labels: the real `iotmon replay` scores them, and a
 * table shows the quality. `docs/detection.md` explains the results.
 *
 * Usage: `npm run bench:detection -- --data FOLDER [--out DIR] [--only SKAB,NAB,GECCO]`.
 *
 * @module
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { type DetectionResult, FORMS, type Form } from "./data-set.ts";
import { gecco } from "./gecco.ts";
import { nab } from "./nab.ts";
import { skab } from "./skab.ts";

const USAGE = "Usage: npm run bench:detection -- --data FOLDER [--out DIR] [--only SKAB,NAB,GECCO]";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    out: { type: "string" },
    only: { type: "string", default: "SKAB,NAB,GECCO" },
  },
});
if (values.data === undefined) throw new Error(USAGE);
const data = resolve(values.data);
if (statSync(data, { throwIfNoEntry: false })?.isDirectory() !== true) {
  throw new Error(`${values.data} is not a folder. ${USAGE}`);
}
const sets = [skab, nab, gecco];
const only = values.only.toUpperCase().split(",");
const unknown = only.find((name) => sets.every((set) => set.name !== name));
if (unknown !== undefined) throw new Error(`--only ${unknown} is not a data set. ${USAGE}`);
const out = values.out ?? mkdtempSync(join(tmpdir(), "iotmon-detection-"));
const results: (DetectionResult & { readonly form: Form })[] = [];
const missing: string[] = [];
try {
  for (const set of sets.filter(({ name }) => only.includes(name))) {
    for (const form of FORMS) {
      const start = performance.now();
      const result = await set.run(data, resolve(out, form), form);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      if (result === null) {
        console.error(`${set.name}: not in ${values.data}`);
        missing.push(set.name);
        break;
      }
      results.push({ ...result, form });
      console.error(`${set.name}, ${form}: ${seconds} s`);
    }
  }
} finally {
  if (values.out === undefined) rmSync(out, { recursive: true, force: true });
}
if (results.length === 0) {
  throw new Error(
    `${values.data} has none of skab/*/*.csv, nab/data/*/*.csv with nab/labels/combined_windows.json, gecco2018/*.csv`,
  );
}

const table = new Table({
  head: ["set", "references", "over", "figures"],
  style: { head: [], border: [] },
});
for (const { set, form, over, figures } of results) {
  const text = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  table.push([set, form, over, text.join("  ")]);
}
console.log(table.toString());
for (const { set, form, notes } of results)
  for (const note of notes) console.log(`${set}, ${form}: ${note}`);
if (missing.length > 0) console.log(`left out, not in the folder: ${missing.join(", ")}`);
