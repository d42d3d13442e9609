import type { FastifyRequest } from "fastify";
import { parseYaml } from "../config/document.ts";
import { Problem } from "./problems/problem.ts";
import type { App, BodyRoute } from "./route-group.ts";

/**
 * How bodies are read: JSON by `JSON.parse`, which makes a key called `__proto__` an ordinary property.
 * Nothing here copies properties by assignment, so it stays one.
 */
export function addParsers(app: App): void {
  app.removeAllContentTypeParsers();
  app.decorateRequest("bodyText", "");
  const type = /^application\/(?:[\w.-]+\+)?json(?:$|;)/i;
  app.addContentTypeParser<string>(type, { parseAs: "string" }, (request, body, done) => {
    request.bodyText = body;
    try {
      done(null, JSON.parse(body));
    } catch (error) {
      done(jsonProblem(body, error as SyntaxError), undefined);
    }
  });
  const yaml = /^(?:application|text)\/(?:x-)?yaml(?:$|;)/i;
  app.addContentTypeParser<string>(yaml, { parseAs: "string" }, (request, body, done) => {
    takes(request, "pipelines", "yaml");
    const { value, faults } = parseYaml(body, "body");
    const [fault] = faults;
    if (fault === undefined) done(null, value);
    else done(new Problem("bad-yaml", `${fault.at}: ${fault.message}.`), undefined);
  });
  const lines = /^application\/(?:x-)?ndjson(?:$|;)/i;
  app.addContentTypeParser(lines, (request, stream, done) => {
    takes(request, "readings", "ndjson");
    done(null, stream);
  });
}

/** @throws {Problem} Unless the path is one of those that take bodies other than JSON. */
function takes({ routeOptions }: FastifyRequest, what: BodyRoute, type: string): void {
  if (routeOptions.config.takes === what) return;
  throw new Problem("unsupported-media-type", `This path takes JSON, not ${type}.`);
}

function jsonProblem(body: string, error: SyntaxError): Problem {
  if (body.trim() === "") {
    return new Problem("bad-json", "The body is empty. Send a JSON object, see /docs.");
  }
  const bare = bareWord(error.message);
  const hint =
    bare === undefined
      ? "Names and texts need double quotes, and there is no comma after the last entry."
      : `JSON has no ${bare}: send ${INSTEAD.get(bare) ?? "null"} instead.`;
  // V8 repeats some of the body; where, and what was expected, is enough
  const reason = error.message.replace(/, (\.\.\.)?".*$/s, "").replace(" in JSON", "");
  return new Problem("bad-json", `${reason}. ${hint}`);
}

/** What other languages write and JSON does not have, as far as the error shows it. */
function bareWord(message: string): string | undefined {
  if (message.startsWith("No number after minus sign")) return "-Infinity";
  return /[:,[\s]\s*(NaN|nan|Infinity|inf|None|True|False)\b/.exec(message)?.[1];
}

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
]);
