import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { IotmonError } from "../../core/errors.ts";
import { text } from "../setting-values.ts";
import { sourceType } from "./source-type.ts";

/** Files: recordings for `replay`, growing files for `watch`. */
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
    // an existing file such as `log[1].csv` is not a pattern
    if (isDynamicPattern(name) && !existsSync(resolve(cwd, name))) {
      throw new IotmonError("ERR_USAGE", "watch takes the names of files, not a pattern", {
        at: name,
        hint: "Name each file; the shell does so if the pattern is not quoted. Patterns work for serial ports",
      });
    }
    const { FollowSource } = await import("./follow/follow-source.ts");
    return new FollowSource(name, cwd);
  },
});
