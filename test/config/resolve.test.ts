import { describe, expect, it } from "vitest";
import { parsePipeline } from "../../src/config/parse.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../src/config/resolve.ts";
import { type Fault, IotmonError } from "../../src/core/errors.ts";
import { timeColumn } from "../../src/core/timestamp/time-plan.ts";
import type { InputProfile } from "../../src/io/decoders/input-profile.ts";
import { column, profile } from "../support/profiles.ts";

const greenhouse = profile(
  column("timestamp", "timestamp"),
  column("sensor_id", "text", { distinct: 3 }),
  column("temperature", "number"),
  column("humidity", "number"),
  column("note", "text"),
  column("anomaly", "label", { numbers: 100 }),
  column("row", "index"),
  column("spare", "empty"),
);

const resolve = (text: string, input: InputProfile = greenhouse): ResolvedPipeline =>
  resolvePipeline(parsePipeline(`version: 1\n${text}`, "p.yaml", {}), input, "stem");

function faultsOf(text: string, input?: InputProfile): readonly Fault[] {
  try {
    resolve(text, input);
  } catch (error) {
    if (error instanceof IotmonError && error.code === "ERR_CONFIG") return error.faults;
    throw error;
  }
  return [];
}

const detector = (rest: string): string =>
  `detectors:\n  - { name: d, algorithm: ecod, ${rest} }\n`;
const feature = (rest: string): string => `features:\n  - { ${rest} }\n`;

const MANY_MEANS = Array.from({ length: 11 }, (_, i) => `humidity_mean_${i + 2}`).join(", ");

describe("resolvePipeline", () => {
  it("finds timestamp, key, labels, numbers and texts without settings", () => {
    expect(resolve("").layout).toEqual({
      timestamp: timeColumn("timestamp", "iso8601"),
      key: "sensor_id",
      constantKey: "stem",
      numeric: ["temperature", "humidity"],
      labels: ["anomaly"],
      text: ["note"],
      constants: {},
    });
  });

  it("reads a column about the device only if the pipeline names it", () => {
    const input = profile(...greenhouse.columns, column("rssi", "device"));
    expect(resolve("", input).layout.numeric).toEqual(["temperature", "humidity"]);
    const asked = resolve(feature("name: r, column: rssi, function: mean, window: 5"), input);
    expect(asked.layout.numeric).toEqual(["temperature", "humidity", "rssi"]);
    const declared = resolve("buffer: { schema: { rssi: float } }", input);
    expect(declared.layout.numeric).toEqual(["rssi"]);
  });

  it("resolves the plausible ranges of columns", () => {
    const text =
      "source: { type: stdin, missing: { temperature: [] } }\nbuffer: { columns: { humidity: { unit: '%', min: 0 }, temperature: { unit: K } } }";
    expect(resolve(text).ranges).toEqual([
      { name: "humidity", column: 1, min: 0, max: Number.POSITIVE_INFINITY, unit: "%" },
    ]);
  });

  it("makes error codes implausible that may come after the sample", () => {
    const far = (low: number, high: number, text = "") => {
      const cells = { numbers: 50, min: low, max: high };
      const input = profile({ ...column("temperature", "number"), ...cells });
      return resolve(text, input).ranges.flatMap(({ codes = [] }) => codes);
    };
    expect(far(18, 24)).toEqual([-99999, -32768, -9999.9, -9999, -999.99, -999.9, -999, -127]);
    expect(far(-100, -40)).not.toContain(-127);
    expect(far(18, 24, "source: { type: stdin, missing: [] }")).toEqual([]);
    const limited = "buffer: { columns: { temperature: { min: -200 } } }";
    expect(far(18, 24, limited)).toEqual([-127]);
  });

  it("resolves the units of the inputs of detectors", () => {
    const columns = "buffer: { columns: { temperature: { unit: °C } } }\n";
    const names = "temperature, humidity, temperature_mean_5, humidity_mean_5, temperature_var_5, ";
    const more = "temperature_slope_5, temperature_zscore_5";
    const unitsOf = (text: string) =>
      resolve(text + detector(`features: [${names}${more}]`)).plan.detectors[0]?.inputUnits;
    expect(unitsOf(columns)).toEqual(["°C", "", "°C", "", "(°C)²", "°C/s", ""]);
    expect(unitsOf("")).toBeUndefined();
  });

  it.each([
    ["{ temprature: { min: 0 } }", "there is no column", "temperature"],
    ["{ note: { min: 0 } }", 'column "note" holds text', ""],
  ])("reports a range of a column that is not numeric: %s", (columns, message, hint) => {
    const [fault, ...more] = faultsOf(`buffer: { columns: ${columns} }`);
    expect(fault?.message).toContain(message);
    expect(fault?.hint).toContain(hint);
    expect(more).toEqual([]);
  });

  it("gives a detector without features the default ones of every numeric column", () => {
    const { plan } = resolve("");
    expect(plan.detectors.map(({ inputNames }) => inputNames)).toEqual([
      [
        ...["temperature", "temperature_diff", "temperature_mean_10", "temperature_std_50"],
        ...["humidity", "humidity_diff", "humidity_mean_10", "humidity_std_50"],
      ],
    ]);
    expect(plan.detectors[0]?.inputs).toEqual([0, 2, 3, 4, 1, 5, 6, 7]);
    expect(plan.features.map(({ name }) => name)).toEqual([
      ...["temperature_diff", "temperature_mean_10", "temperature_std_50"],
      ...["humidity_diff", "humidity_mean_10", "humidity_std_50"],
    ]);
  });

  it("prefers a numeric column to a default feature of the same name", () => {
    const input = profile(column("t", "number"), column("t_diff", "number"));
    expect(resolve("", input).plan.detectors[0]?.inputNames).toEqual([
      ...["t", "t_diff", "t_mean_10", "t_std_50"],
      ...["t_diff_diff", "t_diff_mean_10", "t_diff_std_50"],
    ]);
  });

  it("resolves declared features, and undeclared ones by their name", () => {
    const { plan } = resolve(
      [
        "features:",
        "  - { name: slow, column: temperature, function: mean, window: 1h, min_periods: 3 }",
        "  - { columns: [humidity], functions: [quantile, diff], windows: [50], quantile: 0.95 }",
        "  - { name: both, column: humidity, other: temperature, function: corr, window: 20 }",
        detector("features: [humidity_q95_50, slow, temperature_std_5m, humidity]"),
      ].join("\n"),
    );
    const none = { other: null, minPeriods: null, quantile: null };
    const rows = (count: number): object => ({ kind: "rows", rows: count });
    const duration = (ms: number): object => ({ kind: "duration", ms });
    expect(plan.features).toEqual([
      {
        ...none,
        name: "slow",
        column: 0,
        function: "mean",
        window: duration(3.6e6),
        minPeriods: 3,
      },
      {
        ...none,
        name: "humidity_q95_50",
        column: 1,
        function: "quantile",
        window: rows(50),
        quantile: 0.95,
      },
      { ...none, name: "humidity_diff_50", column: 1, function: "diff", window: rows(50) },
      { ...none, name: "both", column: 1, function: "corr", window: rows(20), other: 0 },
      {
        ...none,
        name: "temperature_std_5m",
        column: 0,
        function: "std",
        window: duration(300_000),
      },
    ]);
    expect(plan.detectors[0]?.inputs).toEqual([3, 2, 6, 1]);
  });

  it("gives raw columns a novelty memory, unless configured otherwise or frozen", () => {
    const novelty = (rest: string): unknown => {
      const [first] = resolve(detector(`features: [humidity_diff, humidity, temperature]${rest}`))
        .plan.detectors;
      return first?.config.algorithm === "ecod" ? first.config.noveltyFeatures : null;
    };
    expect(novelty("")).toEqual([1, 2]);
    expect(novelty(", novelty_features: [humidity_diff]")).toEqual([0]);
    expect(novelty(", novelty_features: []")).toEqual([]);
    expect(novelty(", preset: frozen")).toEqual([]);
  });

  it("prefers the settings of a detector to its preset", () => {
    const config = (rest: string): object | undefined =>
      resolve(detector(rest)).plan.detectors[0]?.config;
    expect(config("preset: frozen")).toMatchObject({
      frozen: true,
      smoothing: 10,
      weightPower: 16,
      contamination: 0.003,
    });
    expect(config("preset: frozen, smoothing: 3, contamination: 0.05")).toMatchObject({
      frozen: true,
      smoothing: 3,
      contamination: 0.05,
    });
    expect(config("preset: stream")).toMatchObject({ frozen: false, contamination: 0.01 });
  });

  it("prefers the alerts of a detector to those of the pipeline, setting by setting", () => {
    const alerts =
      "alerts: { cooldown: 5m, for: 2, severity: { warning: 0.7 }, repeat: 4h,\n" +
      "  labels: { team: facilities, site: north } }\n";
    const own =
      "alerts: { for: 3 of 5, severity: { critical: 0.8 }, repeat: off, labels: { site: south } }";
    expect(resolve(alerts + detector(own)).plan.detectors[0]?.alerts).toEqual({
      severity: { warning: 0.7, critical: 0.8 },
      budget: 1,
      for: { kind: "rows", need: 3, of: 5 },
      cooldownMs: 300_000,
      resolveAfter: { kind: "rows", rows: 1 },
      repeatMs: null,
      sendResolved: true,
      labels: { team: "facilities", site: "south" },
    });
  });

  it("reads only the columns of the schema, with the declared types", () => {
    const text =
      "buffer: { schema: { timestamp: str, humidity: float, row: int, sensor_id: str } }\n";
    expect(resolve(text).layout).toMatchObject({
      timestamp: null,
      key: "sensor_id",
      numeric: ["humidity", "row"],
      labels: [],
      text: ["timestamp"],
    });
  });

  it("uses a key that the pipeline sets for all rows", () => {
    const text = "buffer: { key: site }\nsource: { type: stdin, set: { site: attic } }\n";
    expect(resolve(text).layout).toMatchObject({
      key: null,
      constantKey: "attic",
      constants: { site: "attic" },
    });
  });

  it("uses a key column with the name of an object property", () => {
    const input = profile(column("constructor", "text"), column("v", "number"));
    expect(resolve("buffer: { key: constructor }\n", input).layout).toMatchObject({
      key: "constructor",
      constantKey: "stem",
    });
  });

  it("has one sensor when the key is null", () => {
    expect(resolve("buffer: { key: null }\n").layout).toMatchObject({
      key: null,
      text: ["sensor_id", "note"],
    });
  });

  it("uses exactly the named columns as labels", () => {
    const labels = (names: string): object =>
      resolve(`source: { type: stdin, labels: ${names} }\n`).layout;
    expect(labels("[humidity]")).toMatchObject({
      labels: ["humidity"],
      numeric: ["temperature", "anomaly"],
    });
    expect(labels("[]")).toMatchObject({
      labels: [],
      numeric: ["temperature", "humidity", "anomaly"],
    });
  });

  it("predicts more memory for more features, and for exact references", () => {
    const bytes = (settings: string): number => resolve(detector(settings)).bytesPerKey.full;
    const one = bytes("features: [humidity]");
    expect(one).toBeGreaterThan(5000);
    expect(bytes("features: [humidity], reference: exact")).toBeGreaterThan(50_000);
    expect(bytes("features: [humidity, humidity_mean_10]")).toBeGreaterThan(one);
  });

  it.each([
    [
      "a column that is not there",
      feature("name: m, column: temprature, function: mean, window: 5"),
      'p.yaml:3:24 features.0.column: there is no column "temprature"',
      'Did you mean "temperature"? Numeric columns are: temperature, humidity',
    ],
    [
      "a text column",
      feature("name: m, column: note, function: mean, window: 5"),
      'p.yaml:3:24 features.0.column: column "note" holds text',
      "Numeric columns are: temperature, humidity",
    ],
    [
      "the key",
      feature("name: m, column: sensor_id, function: mean, window: 5"),
      'p.yaml:3:24 features.0.column: column "sensor_id" holds text',
      "Numeric columns are: temperature, humidity",
    ],
    [
      "the timestamp",
      feature("name: m, column: timestamp, function: mean, window: 5"),
      'p.yaml:3:24 features.0.column: column "timestamp" is the timestamp',
      undefined,
    ],
    [
      "a label",
      feature("name: m, column: anomaly, function: mean, window: 5"),
      'p.yaml:3:24 features.0.column: column "anomaly" is a label, and features can\'t use labels',
      undefined,
    ],
    [
      "a column among several",
      feature("columns: [humidity, pressure], functions: [mean], windows: [5]"),
      'p.yaml:3:27 features.0.columns.1: there is no column "pressure"',
      "Numeric columns are: temperature, humidity",
    ],
    [
      "a second column that is not there",
      feature("name: m, column: humidity, other: co2, function: corr, window: 5"),
      'p.yaml:3:41 features.0.other: there is no column "co2"',
      undefined,
    ],
    [
      "no second column",
      feature("name: m, column: humidity, function: corr, window: 5"),
      "p.yaml:3:5 features.0: corr needs a second column",
      "Add it as `other`",
    ],
    [
      "a second column too many",
      feature("name: m, column: humidity, other: temperature, function: mean, window: 5"),
      "p.yaml:3:41 features.0.other: mean takes one column only",
      undefined,
    ],
    [
      "no quantile",
      feature("name: m, column: humidity, function: quantile, window: 5"),
      "p.yaml:3:5 features.0: quantile needs a quantile",
      "Add one, for example quantile: 0.95",
    ],
    [
      "a quantile too many",
      feature("name: m, column: humidity, function: mean, window: 5, quantile: 0.5"),
      "p.yaml:3:71 features.0.quantile: mean takes no quantile",
      undefined,
    ],
    [
      "no window",
      feature("name: m, column: humidity, function: mean"),
      "p.yaml:3:44 features.0.function: mean needs a window",
      "Give rows (10) or a duration (5m)",
    ],
    [
      "a window too many",
      feature("name: m, column: humidity, function: value, window: 5"),
      "p.yaml:3:59 features.0.window: value takes no window",
      undefined,
    ],
    [
      "a duration where rows are needed",
      feature("name: m, column: humidity, function: lag, window: 5m"),
      "p.yaml:3:57 features.0.window: lag takes a window in rows only",
      undefined,
    ],
    [
      "a window larger than the buffer",
      feature("name: m, column: humidity, function: mean, window: 10001"),
      "p.yaml:3:58 features.0.window: a window of 10001 rows is larger than the buffer (10000)",
      "Raise buffer.max_rows, or use a smaller window",
    ],
    [
      "a window by name larger than the buffer",
      detector("features: [humidity_mean_20000]"),
      "p.yaml:3:44 detectors.0.features.0: a window of 20000 rows is larger than the buffer (10000)",
      undefined,
    ],
    [
      "min_periods above the window",
      feature("name: m, column: humidity, function: mean, window: 5, min_periods: 6"),
      "p.yaml:3:74 features.0.min_periods: 6 is more than the window of 5 rows",
      undefined,
    ],
    [
      "min_periods where there are none",
      feature("name: m, column: humidity, function: count, window: 5, min_periods: 2"),
      "p.yaml:3:75 features.0.min_periods: count takes no min_periods",
      undefined,
    ],
    [
      "what none of several functions takes",
      feature("columns: [humidity], functions: [value, diff], quantile: 0.5"),
      "p.yaml:3:54 features.0.quantile: none of the functions takes quantile",
      undefined,
    ],
    [
      "two features of one name",
      `${feature("name: m, column: humidity, function: mean, window: 5")}  - { name: m, column: humidity, function: std, window: 5 }\n`,
      'p.yaml:4:5 features.1: two features are named "m"',
      "Rename one of them",
    ],
    [
      "a feature named like a column",
      feature("name: humidity, column: humidity, function: mean, window: 5"),
      'p.yaml:3:5 features.0: "humidity" is the name of a column',
      "Give it another name",
    ],
    [
      "an unknown feature",
      detector("features: [humidity_maen_10]"),
      'p.yaml:3:44 detectors.0.features.0: "humidity_maen_10" is not a numeric column, a declared feature or <column>_<function>_<window>',
      undefined,
    ],
    [
      "a text column as feature",
      detector("features: [humidity, note]"),
      'p.yaml:3:54 detectors.0.features.1: column "note" holds text',
      undefined,
    ],
    [
      "a feature given twice",
      detector("features: [humidity, humidity]"),
      'p.yaml:3:54 detectors.0.features.1: "humidity" is given twice',
      undefined,
    ],
    [
      "a novelty feature of another detector",
      detector("features: [humidity], novelty_features: [temperature]"),
      'p.yaml:3:74 detectors.0.novelty_features.0: "temperature" is not among the features of the detector',
      "Its features are: humidity",
    ],
    [
      "a reference smaller than its minimum",
      detector("window: 5"),
      "p.yaml:3:5 detectors.0.min_reference: is more than the 5 values of window: no feature could ever vote",
      undefined,
    ],
    [
      "windows that there is no room for",
      detector(`window: 10000000, features: [${MANY_MEANS}]`),
      "p.yaml:3:41 detectors.0.window: 11 features and the score history would hold 110010000 values per sensor, the limit is 100000000",
      undefined,
    ],
    [
      "two detectors of one name",
      `${detector("window: 9")}  - { name: d, algorithm: ecod }\n`,
      'p.yaml:4:13 detectors.1.name: two detectors are named "d"',
      undefined,
    ],
    [
      "critical below warning",
      "alerts: { severity: { warning: 0.9, critical: 0.8 } }\n",
      "p.yaml:2:21 alerts.severity: critical (0.8) is below warning (0.9)",
      undefined,
    ],
    [
      "a column of the schema that the input lacks",
      "buffer:\n  schema: { humidty: float, temperature: float }\n",
      "p.yaml:3:13 buffer.schema.humidty: the input has no such column",
      'Did you mean "humidity"? Columns are: timestamp, sensor_id, temperature, humidity, note, anomaly, row, spare',
    ],
    [
      "text declared as numbers",
      "buffer: { schema: { note: float, temperature: float } }\n",
      'p.yaml:2:27 buffer.schema.note: must be str: the input has text such as "abc", "def"',
      undefined,
    ],
    [
      "text declared as a time",
      "buffer: { schema: { note: datetime, temperature: float } }\n",
      'p.yaml:2:27 buffer.schema.note: can\'t be datetime: the input has "abc", "def"',
      undefined,
    ],
    [
      "a key that is not there",
      "buffer: { key: device }\n",
      'p.yaml:2:16 buffer.key: the input has no column "device"',
      undefined,
    ],
    [
      "a timestamp as key",
      "buffer: { key: timestamp }\n",
      'p.yaml:2:16 buffer.key: column "timestamp" is the timestamp or a label',
      undefined,
    ],
    [
      "labels that are not there",
      "source: { type: stdin, labels: [anomalie] }\n",
      'p.yaml:2:33 source.labels.0: the input has no column "anomalie"',
      'Did you mean "anomaly"? Columns are: timestamp, sensor_id, temperature, humidity, note, anomaly, row, spare',
    ],
    [
      "a quantity column that is not there",
      "source: { type: stdin, pivot: { name: [humidity, metrik], value: temperature } }\n",
      'p.yaml:2:39 source.pivot.name: the input has no column "metrik"',
      "Columns are: timestamp, sensor_id, temperature, humidity, note, anomaly, row, spare",
    ],
    [
      "columns to melt that are not there",
      "source: { type: stdin, melt: { columns: 'room*' } }\n",
      'p.yaml:2:41 source.melt.columns: the input has no column "room*"',
      "Columns are: timestamp, sensor_id, temperature, humidity, note, anomaly, row, spare",
    ],
    [
      "labels of a source in a list",
      "source: [{ type: stdin, labels: [note] }]\n",
      'p.yaml:2:34 source.0.labels.0: column "note" does not hold 0 and 1',
      undefined,
    ],
    [
      "no numeric column",
      "buffer: { schema: { note: str } }\n",
      "p.yaml:2:9 buffer: there is no numeric column",
      undefined,
    ],
  ])("rejects %s", (_, text, fault, hint) => {
    const faults = faultsOf(text);
    expect(faults.map(({ at, message }) => `${at} ${message}`)).toEqual([fault]);
    if (hint !== undefined) expect(faults[0]?.hint).toBe(hint);
  });

  it("reports the faults of all sections at once", () => {
    const text = `${feature("name: m, column: x, function: mean, window: 5")}${detector("features: [y]")}`;
    expect(faultsOf(text).map(({ at }) => at)).toEqual(["p.yaml:3:24", "p.yaml:5:44"]);
  });

  it.each([
    [
      "a warm-up below the largest window",
      detector("features: [humidity_mean_300]"),
      "p.yaml:3:5 detectors.0.warmup_period: 200 is below the 300 rows of humidity_mean_300, which first votes after it",
    ],
    [
      "a warm-up that leaves too few scores",
      detector("features: [humidity], warmup_period: 30"),
      "p.yaml:3:70 detectors.0.warmup_period: 30 x seed_fraction 0.6 is below 20: no alarm is possible until 20 scores exist",
    ],
    [
      "text among declared numbers",
      "buffer: { schema: { mixed: float } }\n",
      'p.yaml:2:28 buffer.schema.mixed: the input has text such as "abc", "def": such rows will be rejected',
    ],
    [
      "a new name for a column that is not there",
      "source: { type: stdin, rename: { tmp: temp } }\n",
      'p.yaml:2:39 source.rename.tmp: the input has no column "tmp"',
    ],
    [
      "a chosen column that is not there",
      "source: { type: stdin, columns: { exclude: ['hum*', 'tmp*'] } }\n",
      'p.yaml:2:53 source.columns.exclude.1: the input has no column "tmp*"',
    ],
  ])("warns of %s", (_, text, warning) => {
    const input = profile(...greenhouse.columns, column("mixed", "text", { numbers: 60 }));
    const { warnings } = resolve(text, input);
    expect(warnings.map(({ at, message }) => `${at} ${message}`)).toEqual([warning]);
  });

  it("has no warnings by default", () => {
    expect(resolve("").warnings).toEqual([]);
  });
});
