/**
 * Run after `npm install NAME`: adds builds for other systems that package-lock.json lacks.
 * npm omits an optional package that the registry in use does not have, and then `npm ci`
 * rejects the lock on every machine. The entries have no integrity; npm installs each only on its
 * system.
 */
import { readFileSync, writeFileSync } from "node:fs";

const SYSTEMS = /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b/;
const CPUS = /\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)\b/;

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));

const added = Object.entries(lock.packages).flatMap(([path, { optionalDependencies, dev }]) =>
  Object.entries(optionalDependencies ?? {})
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => [`node_modules/${name}`, entryOf(name, version, dev)]),
);
if (added.length > 0) {
  Object.assign(lock.packages, Object.fromEntries(added));
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`${added.length} optional packages added to package-lock.json`);

/** Whether a package at `path` finds `name` in its own or an outer node_modules. */
function isLocked(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (`${at === "" ? "" : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (at === "") return false;
  }
}

function entryOf(name, version, dev) {
  const system = SYSTEMS.exec(name)?.[1];
  const cpu = CPUS.exec(name)?.[1];
  if (cpu === undefined || !/^\d/.test(version)) {
    throw new Error(`${name}@${version}: add it to package-lock.json by hand`);
  }
  const libc = name.endsWith("musl") ? "musl" : name.endsWith("gnu") ? "glibc" : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev: true } : {}),
    ...(libc ? { libc: [libc] } : {}),
    optional: true,
    ...(system ? { os: [system] } : {}),
  };
}
