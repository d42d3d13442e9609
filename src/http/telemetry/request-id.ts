import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

const USABLE = /^[\w.:-]{1,64}$/;

/**
 * Makes ids of requests: that of the header `x-request-id` where there is a usable one, else one of
 * our own, which no other start of the program repeats.
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
