const PREFIX = "whsec_";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The key in a secret: base64 behind `whsec_`, as Standard Webhooks writes it, else the text itself.
 *
 * @returns Null when what follows `whsec_` is not base64, or nothing.
 */
export function secretKey(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return secret === "" ? null : Buffer.from(secret);
  const encoded = secret.slice(PREFIX.length);
  return BASE64.test(encoded) ? Buffer.from(encoded, "base64") : null;
}
