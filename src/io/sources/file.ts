import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { IotmonError } from "../../core/errors.ts";
import { text } from "../setting-values.ts";
import { sourceType } from "./source-type.ts";

/** Files: recordings for `replay`, and files that grow for `watch`. */
export const file = sourceType({
  type: "file",
  fields: {
    path: z
      .union([text, z.array(text).min(1)])
      .describe("A path, a glob, or a list of them, relative to the working directory."),
  },
  names: ({ path }) => [path].flat(),
  isNamed: () => false,
  isRecorded: true,
  async open(name, _, { cwd }) {
    const { isDynamicPattern } = await import("tinyglobby");
    // a name that merely looks like a pattern, such as `log[1].csv`, is that of a file
    if (isDynamicPattern(name) && !existsSync(resolve(cwd, name))) {
      throw new IotmonError("ERR_USAGE", "files are followed by their names, not by a pattern", {
        at: name,
        hint: "Name each of them; the shell does that where the pattern is not quoted. Ports may be patterns",
      });
    }
    const { FollowSource } = await import("./follow/follow-source.ts");
    return new FollowSource(name, cwd);
  },
});
