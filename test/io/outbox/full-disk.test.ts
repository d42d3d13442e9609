import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runScript } from "../../support/run-script.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

const SENDER = `
import { Outbox } from "@/io/outbox/outbox.ts";
import { StateDirectory } from "@/state/state-directory.ts";
process.on("SIGXFSZ", () => {}); // or the limit would end the process
const state = await StateDirectory.open(process.argv[2], () => {});
const deliver = async ({ body }) => {
  console.log("got " + body.id);
  return { kind: "delivered" };
};
const outbox = await Outbox.open({
  state,
  sinks: [
    {
      sink: { name: "hook", deliver, close: async () => {} },
      accepts: () => true,
      retry: { scheduleMs: [0], maxAgeMs: 1e9 },
      breaker: { failures: 5, openMs: 30_000, maxOpenMs: 300_000 },
      timeoutMs: 1000,
    },
  ],
  report: () => {},
  clock: {
    now: Date.now,
    random: () => 0,
    after(ms, call) {
      const timer = setTimeout(call, ms / 20);
      return () => clearTimeout(timer);
    },
  },
});
console.log("ready");
for await (const line of process.stdin) {
  for (const id of String(line).trim().split(" ")) {
    const body = { id, episode: "e", severity: "info", padding: "x".repeat(300) };
    const codeOf = (error) => error.code;
    const outcome = outbox.enqueue({ body, json: JSON.stringify(body) }).then(() => "safe", codeOf);
    outcome.then((text) => console.log(text + " " + id));
  }
}
await outbox.close();
await state.close();
`;

// a file size limit behaves like a full disk
it.runIf(hasPrlimit)(
  "Outbox sends from memory while the disk is full, and keeps what it sent once it is not",
  async () => {
    const path = join(await tempFolder(), "state");
    const { child, line, ended } = await runScript(SENDER, { args: [path] });
    const limit = (bytes: string): void => {
      spawnSync("prlimit", ["--pid", `${child.pid}`, `--fsize=${bytes}`]);
    };
    expect(await line()).toBe("ready");
    child.stdin?.write("1\n");
    expect([await line(), await line()].sort()).toEqual(["got 1", "safe 1"]);
    limit("100:unlimited");
    child.stdin?.write("2 3\n");
    const refused = [await line(), await line(), await line(), await line()];
    expect(refused.sort()).toEqual(["ERR_IO 2", "ERR_IO 3", "got 2", "got 3"]);
    limit("unlimited");
    child.stdin?.write("2 4\n");
    expect([await line(), await line(), await line()].sort()).toEqual([
      "got 4",
      "safe 2",
      "safe 4",
    ]);
    child.stdin?.end();
    await ended;
  },
);
