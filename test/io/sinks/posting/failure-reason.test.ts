import { describe, expect, it } from "vitest";
import { failureReason } from "../../../../src/io/sinks/posting/failure-reason.ts";

const HOST = "alerts.example.org:8443";
const failed = (code: string, more: object = {}): Error =>
  Object.assign(new Error("secret-token in a message"), { code, ...more });

describe("the reason for a missing answer", () => {
  it.each([
    ["ENOTFOUND", "is unknown"],
    ["EAI_AGAIN", "is there a network?"],
    ["ECONNRESET", "closed before an answer"],
    ["EPIPE", "closed before an answer"],
    ["UND_ERR_SOCKET", "closed before an answer"],
    ["UND_ERR_CLOSED", "the sink is closed"],
    ["UND_ERR_DESTROYED", "the sink is closed"],
    ["EHOSTUNREACH", `${HOST} is unreachable`],
    ["ENETUNREACH", "no network reaches"],
    ["ENETDOWN", "network is down"],
    ["ETIMEDOUT", `no connection to ${HOST} in time`],
    ["UND_ERR_CONNECT_TIMEOUT", `no connection to ${HOST} in time`],
    ["UND_ERR_HEADERS_TIMEOUT", "no answer in time"],
    ["UND_ERR_BODY_TIMEOUT", "no answer in time"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "is self-signed"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "unknown authority"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unknown authority"],
    ["UNABLE_TO_GET_ISSUER_CERT", "unknown authority"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknown authority"],
    ["CERT_HAS_EXPIRED", "has expired"],
    ["CERT_NOT_YET_VALID", "not yet valid"],
    ["CERT_REVOKED", "revoked"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "is the name in the address right?"],
    ["EPROTO", "does the address need http"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "does the address need http"],
    ["HPE_INVALID_CONSTANT", "is not HTTP"],
    ["E_NEW_ONE", "the connection failed (E_NEW_ONE)"],
  ])("explains %s, without its message", (code, text) => {
    const reason = failureReason(failed(code), HOST);
    expect(reason).toContain(text);
    expect(reason).not.toContain("secret");
  });

  it("contains the address that refused, in the usual notation", () => {
    const refused = (address: string): Error => failed("ECONNREFUSED", { address, port: 80 });
    expect(failureReason(refused("127.0.0.1"), HOST)).toBe("connection refused (127.0.0.1:80)");
    expect(failureReason(refused("::1"), HOST)).toBe("connection refused ([::1]:80)");
    expect(failureReason(failed("ECONNREFUSED"), HOST)).toBe(`connection refused (${HOST})`);
  });

  it("is that of the first address, or of the wrapped error", () => {
    const each = new AggregateError([failed("ENETUNREACH"), failed("ETIMEDOUT")]);
    expect(failureReason(each, HOST)).toContain("no network");
    const wrapped = new TypeError("fetch failed", { cause: failed("CERT_HAS_EXPIRED") });
    expect(failureReason(wrapped, HOST)).toContain("has expired");
  });

  it("explains an aborted attempt, and a value that is not an error", () => {
    const named = (name: string): Error => Object.assign(new Error(), { name });
    expect(failureReason(named("AbortError"), HOST)).toBe("stopped before an answer came");
    expect(failureReason(named("TimeoutError"), HOST)).toBe("no answer in time");
    expect(failureReason("?", HOST)).toBe("the connection failed");
  });
});
