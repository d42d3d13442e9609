import { type EngineSize, measureGrowth } from "./growth.ts";
import { printTable } from "./report.ts";

const BASE: EngineSize = { features: 8, reference: 5000 };
const FEATURES = [1, 2, 4, 8, 16, 32];
const REFERENCES = [500, 1000, 2000, 5000, 10_000, 20_000];

/** Shows how the time of a reading grows with the number of features and with the reference. */
export async function printGrowth(): Promise<void> {
  const sizes = [
    ...FEATURES.map((features) => ({ ...BASE, features })),
    ...REFERENCES.filter((reference) => reference !== BASE.reference).map((reference) => ({
      ...BASE,
      reference,
    })),
  ];
  const times = await measureGrowth(sizes);
  const base = times[FEATURES.indexOf(BASE.features)] ?? Number.NaN;
  printTable(
    "Growth of the engine's time, one sensor with full windows",
    ["features", "reference", "us per reading", "x 8 and 5,000"],
    sizes.map(({ features, reference }, i) => [
      String(features),
      reference.toLocaleString("en"),
      (times[i] as number).toFixed(2),
      ((times[i] as number) / base).toPrecision(3),
    ]),
  );
}
