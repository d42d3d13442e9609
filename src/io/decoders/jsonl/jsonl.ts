import type { Decoder } from "../decoder.ts";
import { decodeJsonl } from "./decode.ts";
import { type JsonlProfile, profileJsonl } from "./profile.ts";

/** JSON Lines: one object a line, a field a column; nested fields are named by their path, `a.b`. */
export const jsonl: Decoder<JsonlProfile> = {
  name: "jsonl",
  summary: "one JSON object a line",
  profile: profileJsonl,
  decode: decodeJsonl,
};
