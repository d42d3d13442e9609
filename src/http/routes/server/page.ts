import { z } from "zod";
import { type PageFiles, readPageFiles } from "../../page/page-files.ts";
import { pageHtml } from "../../page/page-html.ts";
import { Problem } from "../../problems/problem.ts";
import type { RouteGroup } from "../../route-group.ts";

/** Forbids files of other origins, inline scripts and frames. */
const POLICY =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

const fileParams = z.object({ hash: z.string(), file: z.string() });

/** The live page. The page itself needs no token; its script calls the API with the visitor's token. */
export const pageRoutes: RouteGroup = (app, { version }) => {
  let reading: Promise<PageFiles> | null = null;
  const read = (): Promise<PageFiles> => {
    reading ??= readPageFiles();
    return reading;
  };

  app.get("/", { config: { access: "open" }, schema: { hide: true } }, async (_request, reply) => {
    const { hash } = await read();
    return reply
      .headers({
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
      })
      .send(pageHtml(`page/${hash}/`, version));
  });

  app.get(
    "/page/:hash/:file",
    { config: { access: "open" }, schema: { hide: true, params: fileParams } },
    async (request, reply) => {
      const { hash, file } = request.params;
      const known = await read();
      const found = known.hash === hash ? known.files.get(file) : undefined;
      if (found === undefined) {
        throw new Problem("unknown-route", "The page has no such file. Load / again.");
      }
      return reply
        .headers({
          "content-type": found.type,
          "cache-control": "public, max-age=31536000, immutable",
        })
        .send(found.content);
    },
  );
};
