import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { SECRET_TEXTS, SECRETS } from "../../../support/sink-setups.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const DOCUMENT = {
  version: 1,
  buffer: { schema: { timestamp: "datetime", x: "float" } },
  detectors: [{ name: "hot", algorithm: "threshold", when: "x > 1" }],
  sinks: [
    { type: "webhook", name: "ops", url: "https://iotmon.invalid/", secret: SECRETS.signing },
    { type: "slack", name: "chat", url: `https://iotmon.invalid/${SECRETS.path}` },
    {
      type: "webhook",
      name: "open",
      url: "https://iotmon.invalid/",
      headers: { "X-A": SECRETS.header },
    },
    { type: "console" },
  ],
};

const PIPELINE = "/v1/ml/pipelines/greenhouse";

async function ask(served: Served, method: string, body?: unknown) {
  const reply = await fetch(`http://127.0.0.1:${served.port}${PIPELINE}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, text: await reply.text() };
}

async function end(served: Served, signal: NodeJS.Signals): Promise<void> {
  served.child.kill(signal);
  await served.ended;
}

/** Texts of all files below a folder except the key file. */
async function stored(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== "secrets.key");
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

const revealed = (text: string): readonly string[] =>
  SECRET_TEXTS.filter((secret) => text.includes(secret));

it("serve seals the secrets of a pipeline, and says which sinks lost theirs without the key file", async () => {
  const cwd = await tempFolder();
  const state = join(cwd, ".iotmon/serve");
  const key = join(state, "secrets.key");
  const first = await serveIn(cwd);
  expect((await ask(first, "PUT", DOCUMENT)).status).toBe(201);
  await end(first, "SIGKILL");
  expect(revealed(await stored(state))).toEqual([]);
  expect(((await stat(key)).mode & 0o777).toString(8)).toBe("600");

  const second = await serveIn(cwd);
  expect(second.logText()).not.toContain("lost its secrets");
  expect((await ask(second, "PUT", DOCUMENT)).text).toContain('"exists"');
  await end(second, "SIGTERM");
  expect(revealed(await stored(state))).toEqual([]);

  await rename(key, join(cwd, "key"));
  const third = await serveIn(cwd);
  const log = third.logText();
  expect(log).toContain(
    "the sink ops of the pipeline greenhouse has lost its secrets (url, secret)",
  );
  expect(log).toContain(
    "the sink open of the pipeline greenhouse has lost its secrets (url, headers.X-A)",
  );
  expect(log).toContain("Put the key file back and restart the server, or put the pipeline again");
  const shown = await ask(third, "GET");
  expect([shown.status, revealed(shown.text + log)]).toEqual([200, []]);
  await end(third, "SIGTERM");
  await expect(stat(key)).rejects.toMatchObject({ code: "ENOENT" });

  const fourth = await serveIn(cwd, "--key-file", "key");
  expect(fourth.logText()).not.toContain("lost its secrets");
  expect((await ask(fourth, "PUT", DOCUMENT)).text).toContain('"exists"');
  await end(fourth, "SIGTERM");
  await rm(join(cwd, "key"));

  const fifth = await serveIn(cwd);
  expect((await ask(fifth, "PUT", DOCUMENT)).text).toContain('"replaced"');
  await end(fifth, "SIGTERM");
  const sixth = await serveIn(cwd);
  expect(sixth.logText()).not.toContain("lost its secrets");
});
