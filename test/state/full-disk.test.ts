import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readSegmentFolder } from "../../src/state/segment/segment-reader.ts";
import { runScript } from "../support/run-script.ts";
import { tempFolder } from "../support/temp-folder.ts";

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

const WRITER = `
import { SegmentLog } from "@/state/segment-log.ts";
process.on("SIGXFSZ", () => {}); // or the limit would end the process
const log = await SegmentLog.open(process.argv[2], { report: () => {} });
const append = () => log.append(Buffer.alloc(400, 7));
const told = ({ status, reason }) => (status === "fulfilled" ? "written" : reason.code + " " + reason.message);
append();
await log.sync();
console.log("ready");
for await (const _ of process.stdin) {
  append();
  append();
  // both have to end before anybody looks: each cuts off what the one before it wrote, then writes again
  console.log((await Promise.allSettled([log.flush(), log.sync()])).map(told).join(", "));
}
await log.close();
`;

// a limit on the size of files behaves as a full disk does: half a record is written, then none
it.runIf(hasPrlimit)(
  "SegmentLog goes on where it was when a full disk has room again",
  async () => {
    const folder = join(await tempFolder(), "log");
    const { child, line, ended } = await runScript(WRITER, { args: [folder] });
    const limit = (bytes: string): void => {
      const { status } = spawnSync("prlimit", ["--pid", `${child.pid}`, `--fsize=${bytes}`]);
      expect(status).toBe(0);
    };
    const seqs = async (): Promise<number[]> => {
      const seen: number[] = [];
      for await (const { seq } of readSegmentFolder(folder, () => {})) seen.push(seq);
      return seen;
    };
    expect(await line()).toBe("ready");
    limit("1000:unlimited");
    for (let i = 0; i < 2; i++) {
      child.stdin?.write("append\n");
      expect(await line()).toMatch(/^(ERR_IO a log of the state directory can't be used: .*){2}$/);
      // one record is whole, the second is cut; neither was accepted
      expect(await seqs()).toEqual([1, 2]);
    }
    limit("unlimited");
    child.stdin?.end("append\n");
    expect(await line()).toBe("written, written");
    await ended;
    expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  },
);
