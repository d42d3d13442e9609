/**
 * Checks the order of imports, and that every source file was checked: without TypeScript support,
 * dependency-cruiser finds no modules and no violations.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "tinyglobby";

const run = spawnSync("npx", ["--no-install", "depcruise", "src", "--output-type", "json"], {
  encoding: "utf8",
  maxBuffer: 256 * 1024 * 1024,
});
if (!run.stdout.startsWith("{")) {
  console.error(run.stderr || run.stdout);
  process.exit(1);
}
const { modules, summary } = JSON.parse(run.stdout);

for (const { rule, from, to, cycle } of summary.violations) {
  const path = cycle ? cycle.map((step) => step.name).join(" -> ") : to;
  const { comment } = summary.ruleSetUsed.forbidden.find(({ name }) => name === rule.name);
  console.error(
    `${rule.severity} ${rule.name}: ${from} -> ${path}${comment ? ` (${comment})` : ""}`,
  );
}

const cruised = new Set(modules.map((module) => module.source));
const missed = globSync("src/**/*.ts").filter((file) => !cruised.has(file));
for (const file of missed) console.error(`not cruised: ${file}`);

console.log(`${cruised.size} modules, ${summary.totalDependenciesCruised} imports checked`);
if (summary.violations.length > 0 || missed.length > 0 || run.status !== 0) process.exitCode = 1;
