import { RejectedAddressError } from "./address-guard.ts";

const RENEW = "the receiver has to renew it";
const NAME_CA = "if it is meant to be, name the certificate that signed it in ca_file";

/** Reasons of failed connections by code; `host` is name and port. */
const REASONS: Readonly<Record<string, (host: string) => string>> = {
  ENOTFOUND: (host) => `the name of ${host} is unknown`,
  EAI_AGAIN: (host) => `the name of ${host} could not be looked up; is there a network?`,
  ECONNRESET: () => "the connection was closed before an answer came",
  UND_ERR_SOCKET: () => "the connection was closed before an answer came",
  UND_ERR_CLOSED: () => "the sink is closed",
  UND_ERR_DESTROYED: () => "the sink is closed",
  EPIPE: () => "the connection was closed before an answer came",
  EHOSTUNREACH: (host) => `${host} is unreachable; is it switched on?`,
  ENETUNREACH: (host) => `no network reaches ${host}`,
  ENETDOWN: () => "the network is down",
  ETIMEDOUT: (host) => `no connection to ${host} in time`,
  UND_ERR_CONNECT_TIMEOUT: (host) => `no connection to ${host} in time`,
  UND_ERR_HEADERS_TIMEOUT: () => "no answer in time",
  UND_ERR_BODY_TIMEOUT: () => "no answer in time",
  DEPTH_ZERO_SELF_SIGNED_CERT: (host) => `the certificate of ${host} is self-signed; ${NAME_CA}`,
  SELF_SIGNED_CERT_IN_CHAIN: (host) =>
    `the certificate of ${host} is signed by an unknown authority; ${NAME_CA}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (host) =>
    `the certificate of ${host} is signed by an unknown authority; ${NAME_CA}`,
  UNABLE_TO_GET_ISSUER_CERT: (host) =>
    `the certificate of ${host} is signed by an unknown authority; ${NAME_CA}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (host) =>
    `the certificate of ${host} is signed by an unknown authority; ${NAME_CA}`,
  CERT_HAS_EXPIRED: (host) =>
    `the certificate of ${host} has expired; ${RENEW}, or the clock of this device is wrong`,
  CERT_NOT_YET_VALID: (host) =>
    `the certificate of ${host} is not yet valid; is the clock of this device right?`,
  CERT_REVOKED: (host) => `the certificate of ${host} has been revoked; ${RENEW}`,
  ERR_TLS_CERT_ALTNAME_INVALID: (host) =>
    `the certificate is not made for ${host}; is the name in the address right?`,
};

/**
 * The reason of a failed request, for people. It shows only the host of the address, so it can't reveal a secret.
 *
 * @param host Name and port.
 */
export function failureReason(error: unknown, host: string): string {
  if (error instanceof RejectedAddressError) return error.message;
  const { code = "", name = "", address, port } = innermost(error);
  if (code === "ECONNREFUSED") {
    const where = address === undefined ? host : `${bracketed(address)}:${port}`;
    return `connection refused (${where})`;
  }
  if (name === "TimeoutError") return "no answer in time";
  if (name === "AbortError") return "stopped before an answer came";
  if (name === "HTTPParserError" || code.startsWith("HPE_"))
    return `the answer of ${host} is not HTTP`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return `${host} does not speak TLS; does the address need http instead of https?`;
  }
  return REASONS[code]?.(host) ?? `the connection failed${code === "" ? "" : ` (${code})`}`;
}

interface NetworkError {
  readonly code?: string;
  readonly name?: string;
  readonly address?: string;
  readonly port?: number;
}

/** The cause of a wrapped error; of several addresses, the error of the first. */
function innermost(error: unknown): NetworkError {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (!(error instanceof Error)) return {};
  const own = error as Error & NetworkError;
  return own.code === undefined && own.cause instanceof Error ? innermost(own.cause) : own;
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
