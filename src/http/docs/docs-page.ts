import type { OpenAPIV3_1 } from "openapi-types";
import { Html, html, prose } from "../../page/html.ts";
import { PROBLEMS, type ProblemKind, problemType } from "../problems/catalog.ts";
import { DOCS_STYLE } from "./docs-style.ts";
import { type FieldRow, fieldRows, type Schema } from "./field-rows.ts";

type Operation = OpenAPIV3_1.OperationObject;

/** An operation with its path. */
interface Entry {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly operation: Operation;
}

const METHODS = ["get", "post", "put", "delete"] as const;

/** A page for people, made from the OpenAPI document. It loads no files and runs no script. */
export function docsPage({ info, paths = {} }: OpenAPIV3_1.Document): string {
  const entries = Object.entries(paths).flatMap(([path, item]) => entriesOf(path, item ?? {}));
  const tags = [...new Set(entries.flatMap(({ operation }) => operation.tags ?? []))];
  const sections = tags.map((tag) => {
    const own = entries.filter(({ operation }) => operation.tags?.includes(tag));
    return html`<h2 id="${tag}">${tag}</h2>${own.map(entryHtml)}`;
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API</title>
<style>${new Html(DOCS_STYLE)}</style>
</head>
<body>
<header>
<h1>${info.title} API <small>${info.version}</small></h1>
<p>${prose(info.description ?? "")} For programs: <a href="openapi.json">openapi.json</a>.</p>
</header>
<nav aria-label="Operations"><ul>${entries.map(linkHtml)}</ul></nav>
<main>
${sections}
${problemsHtml()}
</main>
</body>
</html>
`.text;
}

function entriesOf(path: string, item: OpenAPIV3_1.PathItemObject): Entry[] {
  return METHODS.flatMap((method) => {
    const operation = item[method];
    if (operation === undefined) return [];
    const id = `${method}${path.replace(/[^a-z0-9]+/gi, "-")}`;
    return [{ method: method.toUpperCase(), path, id, operation }];
  });
}

function linkHtml({ id, method, path }: Entry): Html {
  return html`<li><a href="#${id}"><code>${method} ${path}</code></a></li>`;
}

function entryHtml({ id, method, path, operation }: Entry): Html {
  const { summary = "", description = "" } = operation;
  const parameters = (operation.parameters ?? []) as OpenAPIV3_1.ParameterObject[];
  const media = mediaOf(operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined);
  const body = media?.schema as Schema | undefined;
  const replies = Object.entries(operation.responses ?? {}).filter(([code]) => /^2/.test(code));
  return html`<details id="${id}" open>
<summary><h3><code><span class="method">${method}</span> ${path}</code></h3> ${summary}</summary>
<p>${prose(description)}</p>
${parameters.length === 0 ? "" : tableHtml("Parameters", parameters.map(parameterRow))}
${body === undefined ? "" : tableHtml("Body", fieldRows(body))}
<pre>${curl(method, path, media?.example)}</pre>
${replies.map(([code, reply]) => replyHtml(code, reply as OpenAPIV3_1.ResponseObject))}
</details>
`;
}

function replyHtml(code: string, reply: OpenAPIV3_1.ResponseObject): Html {
  const rows = fieldRows((mediaOf(reply)?.schema ?? {}) as Schema);
  return rows.length === 0 ? html`` : tableHtml(`Reply ${code}`, rows);
}

function parameterRow({
  name,
  in: place,
  required,
  schema,
  description,
}: OpenAPIV3_1.ParameterObject): FieldRow {
  const [row] = fieldRows({ type: "object", properties: { [name]: (schema ?? {}) as Schema } });
  return {
    name,
    type: `${row?.type ?? ""} (${place})`,
    required: required === true,
    preset: row?.preset,
    description: description ?? row?.description ?? "",
  };
}

function tableHtml(title: string, rows: readonly FieldRow[]): Html {
  const lines = rows.map(
    ({ name, type, required, preset, description }) => html`<tr><td><code>${name}</code></td>
<td>${type}</td><td>${required ? "yes" : ""}</td><td>${preset ?? ""}</td><td>${prose(description)}</td></tr>`,
  );
  return html`<h4>${title}</h4><div class="tables"><table>
<tr><th>Name</th><th>Type</th><th>Required</th><th>Default</th><th></th></tr>${lines}</table></div>`;
}

/** The JSON form of a request body or a reply. */
function mediaOf(
  holder: { content?: Readonly<Record<string, OpenAPIV3_1.MediaTypeObject>> } | undefined,
): OpenAPIV3_1.MediaTypeObject | undefined {
  return holder?.content?.["application/json"];
}

/** An example command; the user replaces names in braces. */
function curl(method: string, path: string, example: unknown): string {
  const url = `http://localhost:14345${path}`;
  if (example === undefined) return method === "GET" ? `curl ${url}` : `curl -X ${method} ${url}`;
  const send = method === "POST" ? "" : `-X ${method} `;
  return `curl ${send}${url} -H 'content-type: application/json' \\\n  -d '${JSON.stringify(example)}'`;
}

function problemsHtml(): Html {
  const kinds: readonly (readonly [string, ProblemKind])[] = Object.entries(PROBLEMS);
  const lines = kinds.map(
    ([name, { status, title }]) => html`<tr><td>${status}</td>
<td><code>${problemType(name as keyof typeof PROBLEMS)}</code></td><td>${title}</td></tr>`,
  );
  return html`<h2 id="problems">Problems</h2>
<p>${prose(
    "A reply with status 400 or more is `application/problem+json` with `type`, `title`, `status`, " +
      "`detail` (what to do), `request_id` and, if a field is wrong, `errors`.",
  )}</p>
<div class="tables"><table><tr><th>Status</th><th>Type</th><th></th></tr>${lines}</table></div>`;
}
