import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

const USABLE = /^[\w.:-]{1,64}$/;

/**
 * Makes request ids: the header `x-request-id` if it is usable, otherwise a new id that no other start of the
 * program repeats.
 */
export function requestIds(): (request: Pick<IncomingMessage, "headers">) => string {
  const start = randomBytes(4).toString("hex");
  let count = 0;
  return ({ headers }) => {
    const given = headers["x-request-id"];
    if (typeof given === "string" && USABLE.test(given)) return given;
    count += 1;
    return `${start}-${count}`;
  };
}
