import { didYouMean } from "../../config/suggest.ts";
import { Problem } from "./problem.ts";

/** A route: its method and its path, with `:name` for a name. */
interface KnownRoute {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
}

/** All routes, to suggest a similar one for an unknown path. */
export class RouteTable {
  readonly #routes: KnownRoute[] = [];

  /** Adds a route with one method or several. */
  add(path: string, methods: string | readonly string[]): void {
    const source = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:[a-z_]+/g, "[^/]+");
    const pattern = new RegExp(`^${source}$`);
    for (const method of [methods].flat()) this.#routes.push({ method, path, pattern });
  }

  /** The problem of an unmatched request: wrong method or unknown path. */
  problemOf(method: string, url: string): Problem {
    const [path = ""] = url.split("?", 1);
    const methods = this.#methodsOf(path);
    if (methods.length > 0) {
      const allow = methods.join(", ");
      return new Problem(
        "method-not-allowed",
        `This path does not accept ${method}; use ${allow}.`,
        {
          headers: { allow },
        },
      );
    }
    const short = path.length > 100 ? `${path.slice(0, 99)}…` : path;
    return new Problem("unknown-route", `No route has the path ${short}. ${this.#hint(path)}`);
  }

  #methodsOf(path: string): string[] {
    const fitting = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(fitting.map(({ method }) => method))].sort();
  }

  #hint(path: string): string {
    const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
    if (trimmed !== path && this.#methodsOf(trimmed).length > 0) {
      return `Remove the / at the end: ${trimmed} exists.`;
    }
    if (path.length > 200) return "/docs lists all paths.";
    const written = path.split("/");
    const candidates = this.#routes.map((route) => {
      const parts = route.path.split("/");
      if (parts.length !== written.length) return route.path;
      return parts.map((part, i) => (part.startsWith(":") ? written[i] : part)).join("/");
    });
    return `${didYouMean(path, [...new Set(candidates)]) ?? ""} /docs lists all paths.`.trim();
  }
}
