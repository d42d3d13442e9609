import { isUtf8 } from "node:buffer";
import type { FastifyRequest } from "fastify";
import { parseYaml } from "../config/document.ts";
import { faultOfDepth, faultOfNames } from "./body-limits.ts";
import { LIMITS } from "./limits.ts";
import { Problem } from "./problems/problem.ts";
import type { App, BodyRoute } from "./route-group.ts";

const BOM = 0xfeff;

/**
 * Adds the parsers of bodies. `JSON.parse` makes a key named `__proto__` an ordinary property, and no code here
 * copies properties by assignment, so it remains ordinary.
 */
export function addParsers(app: App): void {
  app.removeAllContentTypeParsers();
  app.decorateRequest("bodyText", "");
  const type = /^application\/(?:[\w.-]+\+)?json(?:$|;)/i;
  app.addContentTypeParser<Buffer>(type, { parseAs: "buffer" }, (request, body, done) => {
    try {
      request.bodyText = withoutBom(textOf(body, "bad-json"));
      // many clients always send the header
      const isBare = request.method === "DELETE" && request.bodyText.trim() === "";
      done(null, isBare ? undefined : parseJson(request.bodyText));
    } catch (error) {
      done(error as Problem, undefined);
    }
  });
  const yaml = /^(?:application|text)\/(?:x-)?yaml(?:$|;)/i;
  app.addContentTypeParser<Buffer>(yaml, { parseAs: "buffer" }, (request, bytes, done) => {
    checkAccepts(request, "pipelines", "yaml");
    const body = textOf(bytes, "bad-yaml");
    if (body.length > LIMITS.yamlLength) {
      const most = `${LIMITS.yamlLength / 1024} KiB`;
      done(new Problem("body-too-large", `YAML may have ${most}; send JSON instead.`), undefined);
      return;
    }
    const { value, faults } = parseYaml(body, "body");
    const [fault] = faults;
    if (fault === undefined) done(null, value);
    else done(new Problem("bad-yaml", `${fault.at}: ${fault.message}.`), undefined);
  });
  const lines = /^application\/(?:x-)?ndjson(?:$|;)/i;
  app.addContentTypeParser(lines, (request, stream, done) => {
    checkAccepts(request, "readings", "ndjson");
    done(null, stream);
  });
}

/** A text without the byte order mark that some editors write. */
export function withoutBom(text: string): string {
  return text.charCodeAt(0) === BOM ? text.slice(1) : text;
}

/** @throws {Problem} If the bytes are not UTF-8. */
function textOf(bytes: Buffer, problem: "bad-json" | "bad-yaml"): string {
  const text = bytes.toString();
  if (isUtf8(bytes)) return text;
  const encoded = Buffer.from(text);
  let at = 0;
  while (encoded[at] === bytes[at]) at += 1;
  const line = bytes.toString("latin1", 0, at).split("\n").length;
  throw new Problem(problem, `Line ${line} is not UTF-8. Send the body in this encoding.`);
}

/** @throws {Problem} `bad-json` or `limit`. */
function parseJson(text: string): unknown {
  const manyNames = faultOfNames(text);
  if (manyNames !== null) throw bodyProblem(manyNames);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw jsonProblem(text, error as SyntaxError);
  }
  const deep = faultOfDepth(value);
  if (deep !== null) throw bodyProblem(deep);
  return value;
}

function bodyProblem(fault: string): Problem {
  return new Problem("limit", `In a body, ${fault}.`);
}

/** @throws {Problem} If the route does not accept this kind of body. */
function checkAccepts({ routeOptions }: FastifyRequest, what: BodyRoute, type: string): void {
  if (routeOptions.config.accepts === what) return;
  throw new Problem("unsupported-media-type", `This path accepts JSON, not ${type}.`);
}

function jsonProblem(body: string, error: SyntaxError): Problem {
  if (body.trim() === "") {
    return new Problem("bad-json", "The body is empty. Send a JSON object, see /docs.");
  }
  const bare = bareWord(error.message);
  const hint =
    bare === undefined
      ? "Put names and texts in double quotes, and remove a comma after the last entry."
      : `JSON has no ${bare}: send ${INSTEAD.get(bare) ?? "null"} instead.`;
  // V8's message repeats a part of the body: remove it
  const reason = error.message.replace(/, (\.\.\.)?".*$/s, "").replace(" in JSON", "");
  return new Problem("bad-json", `${reason}. ${hint}`);
}

/** A word of another language that JSON does not have, if the error shows it. */
function bareWord(message: string): string | undefined {
  if (message.startsWith("No number after minus sign")) return "-Infinity";
  return /[:,[\s]\s*(NaN|nan|Infinity|inf|None|True|False)\b/.exec(message)?.[1];
}

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
]);
