/**
 * Imports point one way, one rung of this ladder to the next or further down, never sideways:
 *
 *   core <- engine, buffer <- state <- io, runtime <- config <- service, backtest, page
 *     <- durability, sweep, pipeline-tests, report <- watch, http <- cli
 */
const rungs = [
  ["core"],
  ["engine", "buffer"],
  ["state"],
  ["io", "runtime"],
  ["config"],
  ["service", "backtest", "page"],
  ["durability", "sweep", "pipeline-tests", "report"],
  ["watch", "http"],
  ["cli"],
];

const layers = rungs.flatMap((rooms, rung) =>
  rooms.map((room) => {
    const allowed = [room, ...rungs.slice(0, rung).flat()];
    return {
      name: `${room}-imports-downwards`,
      severity: "error",
      comment: `${room} may import: ${allowed.join(", ")}`,
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${allowed.join("|")})/` },
    };
  }),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layers,
    {
      name: "core-and-engine-are-pure",
      severity: "error",
      comment: "no node: modules and no packages: no clock, no randomness, no I/O",
      from: { path: "^src/(core|engine)/" },
      to: { pathNot: "^src/" },
    },
    {
      name: "polars-behind-the-buffer",
      severity: "error",
      comment: "nodejs-polars is native and slow to load: few doors lead to it",
      from: { path: "^src/", pathNot: "^src/(buffer/|io/decoders/parquet/)" },
      to: { path: "nodejs-polars" },
    },
    {
      name: "nothing-imports-the-public-entry",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^src/index\\.ts$" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: "^src/index\\.ts$" },
      to: {},
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
