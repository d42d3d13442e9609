import { docsPage } from "../../docs/docs-page.ts";
import type { OpenApiDocument } from "../../openapi.ts";
import { openApiDocument } from "../../openapi.ts";
import type { RouteGroup } from "../../route-group.ts";

/** The OpenAPI document and the documentation page, which are not part of the document. */
export const contractRoutes: RouteGroup = (app) => {
  let known: OpenApiDocument | null = null;
  let page: string | null = null;
  const document = (): OpenApiDocument => {
    known ??= openApiDocument(app);
    return known;
  };

  app.get(
    "/openapi.json",
    { config: { access: "open" }, schema: { hide: true } },
    (_request, reply) => reply.send(document()),
  );

  app.get("/docs", { config: { access: "open" }, schema: { hide: true } }, (_request, reply) => {
    page ??= docsPage(document());
    return reply
      .headers({
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      })
      .send(page);
  });
};
