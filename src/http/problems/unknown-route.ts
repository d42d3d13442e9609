import { didYouMean } from "../../config/suggest.ts";
import { Problem } from "./problem.ts";

/** A route: its method, and its path with `:name` for a name. */
interface KnownRoute {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
}

/** Knows all routes, to say what is near a path where there is none. */
export class RouteTable {
  readonly #routes: KnownRoute[] = [];

  /** @param methods One or several. */
  add(path: string, methods: string | readonly string[]): void {
    const source = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:[a-z_]+/g, "[^/]+");
    const pattern = new RegExp(`^${source}$`);
    for (const method of [methods].flat()) this.#routes.push({ method, path, pattern });
  }

  /** Why there is no answer: another method would do, or nothing is there. */
  problemOf(method: string, url: string): Problem {
    const [path = ""] = url.split("?", 1);
    const methods = this.#methodsOf(path);
    if (methods.length > 0) {
      const allow = methods.join(", ");
      return new Problem("method-not-allowed", `${method} does nothing here; use ${allow}.`, {
        headers: { allow },
      });
    }
    const short = path.length > 100 ? `${path.slice(0, 99)}…` : path;
    return new Problem("unknown-route", `There is no ${short}. ${this.#hint(path)}`);
  }

  #methodsOf(path: string): string[] {
    const fitting = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(fitting.map(({ method }) => method))].sort();
  }

  #hint(path: string): string {
    const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
    if (trimmed !== path && this.#methodsOf(trimmed).length > 0) {
      return `Leave out the / at the end: ${trimmed} is there.`;
    }
    if (path.length > 200) return "All paths are at /docs.";
    const written = path.split("/");
    const candidates = this.#routes.map((route) => {
      const parts = route.path.split("/");
      if (parts.length !== written.length) return route.path;
      return parts.map((part, i) => (part.startsWith(":") ? written[i] : part)).join("/");
    });
    return `${didYouMean(path, [...new Set(candidates)]) ?? ""} All paths are at /docs.`.trim();
  }
}
