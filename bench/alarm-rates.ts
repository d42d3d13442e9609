/**
 * Realised alarm rate over contamination on clean noise, through the whole engine. About five
 * minutes. Usage: `npm run bench:alarm-rates -- [early runs] [late runs]`.
 *
 * @module
 */
import Table from "cli-table3";
import { alarmRates, noiseCases } from "../test/support/alarm-rates.ts";
import { expertRates } from "./expert-rates.ts";

const [early = 200, late = 70] = process.argv.slice(2).map(Number);
const table = new Table({
  head: ["noise", "rows", "references", "c = .05", "c = .01", "c = .001", "runs", "seconds"],
  style: { head: [], border: [] },
});
for (const noise of noiseCases) {
  const { warmupPeriod } = noise;
  const spans = [
    { runs: early, from: warmupPeriod, to: 2 * warmupPeriod, seed: 1 },
    { runs: late, from: 5000, to: 50_000, seed: 2 },
  ];
  for (const span of spans) {
    for (const form of ["exact", "compact"] as const) {
      const start = performance.now();
      const rates = alarmRates(noise, span, form).map(({ ratio }) => ratio.toFixed(2));
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      table.push([noise.name, `${span.from}-${span.to}`, form, ...rates, span.runs, seconds]);
    }
  }
}
console.log("Realised alarm rate / contamination, mean over runs (1 is exact):");
console.log(table.toString());

const ideal = new Table({
  head: ["independent columns", "experts", "c = .05", "c = .01", "c = .001"],
  style: { head: [], border: [] },
});
for (const columns of [1, 3]) {
  const rates = expertRates(columns, 20);
  const row = (of: "sumAlone" | "both"): string[] => rates.map((rate) => rate[of].toFixed(2));
  ideal.push([columns, "the sum alone", ...row("sumAlone")]);
  if (columns > 1) ideal.push([columns, "both, with their shares", ...row("both")]);
}
console.log("The same of the calibration alone, on ideal surprises, rows 5,000 to 50,000:");
console.log(ideal.toString());
