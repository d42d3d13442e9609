import type { RequestListener } from "node:http";

/**
 * Removes the prefix under which a proxy serves the API, if the proxy has not removed it. Redirects the prefix itself to
 * the page, whose links are relative.
 *
 * @param base `/iot`; empty: none.
 */
export function withoutBasePath(base: string, listener: RequestListener): RequestListener {
  if (base === "") return listener;
  return (request, response) => {
    const url = request.url ?? "";
    const rest = url.startsWith(base) ? url.slice(base.length) : null;
    if (rest?.startsWith("/")) request.url = rest;
    else if (rest === "" || rest?.startsWith("?")) {
      response.writeHead(308, { location: `${base}/`, "content-length": 0 }).end();
      return;
    }
    listener(request, response);
  };
}
