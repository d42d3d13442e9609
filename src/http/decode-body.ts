import { type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { LIMITS } from "./limits.ts";
import { Problem } from "./problems/problem.ts";
import type { App } from "./route-group.ts";

/** A decoded body, with the number of bytes that it came from. */
type DecodedBody = Readable & { receivedEncodedLength: number };

/** Decodes bodies with `content-encoding: gzip`; the limit of a body applies to the decoded one. */
export function addDecoding(app: App): void {
  app.addHook("preParsing", (request, _reply, payload, done) => {
    const { headers } = request;
    const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
    const transfer = headers["transfer-encoding"]?.trim().toLowerCase() ?? "chunked";
    if (transfer !== "chunked") {
      const hint = "Say content-encoding: gzip instead; transfer-encoding may only be chunked.";
      done(new Problem("unsupported-media-type", hint));
    } else if (encoding === "identity") done(null, payload);
    else if (encoding === "gzip" || encoding === "x-gzip") done(null, decode(payload as Readable));
    else {
      done(
        new Problem("unsupported-media-type", "Send the body as it is, or compressed with gzip.", {
          headers: { "accept-encoding": "gzip" },
        }),
      );
    }
  });
}

function decode(body: Readable): DecodedBody {
  const gunzip = createGunzip();
  let bytes = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= LIMITS.bodyBytes) done(null, chunk);
      else done(new Problem("body-too-large", "The decoded body is too large: send fewer rows."));
    },
  });
  const decoded = Object.assign(limited, { receivedEncodedLength: 0 });
  body.on("data", (chunk: Buffer) => {
    decoded.receivedEncodedLength += chunk.length;
  });
  // not `pipeline`, which would close the connection before the reply
  body.on("error", (error) => decoded.destroy(error));
  gunzip.on("error", () => decoded.destroy(new Problem("bad-request", "The body is not gzip.")));
  decoded.on("close", () => {
    body.unpipe(gunzip);
    gunzip.destroy();
  });
  body.pipe(gunzip).pipe(decoded);
  return decoded;
}
