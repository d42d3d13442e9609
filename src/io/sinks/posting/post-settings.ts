/**
 * Common settings of sinks that post over HTTP, and their client.
 *
 * @module
 */
import { z } from "zod";
import { text } from "../../setting-values.ts";
import type { SinkContext } from "../sink-type.ts";
import type { Poster } from "./poster.ts";

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/)
  .refine((name) => !/^(host|connection|content-.*|transfer-encoding|webhook-.*)$/i.test(name));

const headers = z.record(
  headerName,
  z.string().regex(/^[\t\x20-\x7e\x80-\xff]{0,8000}$/, { error: "must be one line of text" }),
  {
    error: ({ code }) => (code === "invalid_key" ? "is not a header that can be set" : undefined),
  },
);

/** An http or https address. */
export const address = z.url({ protocol: /^https?$/, error: "must be an http or https address" });

/** Settings of every sink that posts, except its address. */
export const postFields = {
  headers: headers
    .default({})
    .describe("Headers sent with each message; write secrets as variables."),
  ca_file: text
    .optional()
    .describe("Certificates (PEM) to trust instead of the system's, e.g. of a private authority."),
};

/** Settings of a sink that posts. */
interface PostEntry {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca_file?: string | undefined;
}

/**
 * Creates the client of a sink. Loads the module with the first sink that posts.
 *
 * @param explain Extracts a reason from the body of an answer other than 2xx; null: none.
 * @throws {IotmonError} `ERR_CONFIG` if `ca_file` can't be read.
 */
export async function openPoster(
  { url, headers, ca_file: file }: PostEntry,
  context: SinkContext,
  explain?: (answer: string) => string | null,
): Promise<Poster> {
  const ca = file === undefined ? null : await context.readFile("ca_file", file);
  const { Poster } = await import("./poster.ts");
  return new Poster({ url, headers, ca }, context, explain);
}
