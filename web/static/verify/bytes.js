// Bytes and their spellings. A value has exactly one spelling here, as in `ledger`:
// whatever is written in any other way is refused.

export const HASH = 32;
const LARGEST_NUMBER = 2n ** 63n - 1n;

/** A check failed; `code` names it, by the names that the Python verifier uses. */
export class Invalid extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Raise the refusal of this name. */
export function refuse(code) {
  throw new Invalid(code);
}

/** Return a text as UTF-8. */
export const utf8 = (text) => new TextEncoder().encode(text);

/** Read UTF-8, all of it, or refuse it under a code. */
export function unutf8(raw, code) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return refuse(code);
  }
}

/** Return each byte as the character of that number. */
export function latin1(raw) {
  let text = "";
  for (const byte of raw) text += String.fromCharCode(byte);
  return text;
}

/** Return the bytes of a text that `latin1` wrote. */
export const unlatin1 = (text) => Uint8Array.from(text, (one) => one.charCodeAt(0));

/** Return several pieces, bytes or texts, as one. */
export function join(...pieces) {
  const parts = pieces.map((one) => (typeof one === "string" ? utf8(one) : one));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Say whether two pieces have the same bytes. */
export const same = (one, other) =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Return a number as eight bytes, the largest first. */
export function u64(value) {
  const raw = new Uint8Array(8);
  new DataView(raw.buffer).setBigUint64(0, BigInt(value));
  return raw;
}

/** Return a number from bytes, the largest first. */
export const unsigned = (raw) => raw.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** Return bytes as hexadecimal digits. */
export const hex = (raw) => Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Return standard base64 with padding, as the C2SP texts have it. */
export const b64 = (raw) => btoa(latin1(raw));

/** Read standard base64 in its only spelling. */
export function unb64(text) {
  if (text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) refuse("base64");
  const raw = unlatin1(atob(text));
  return b64(raw) === text ? raw : refuse("base64"); // unused bits are zero
}

/** Return base64url without padding, as Folkmoot's JSON has it. */
export const b64u = (raw) =>
  b64(raw).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");

/** Read base64url without padding, of exactly `size` bytes if a size is given. */
export function unb64u(text, size) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) refuse("base64");
  const padded = text + "=".repeat((4 - (text.length % 4)) % 4);
  const raw = unb64(padded.replaceAll("-", "+").replaceAll("_", "/"));
  return size === undefined || raw.length === size ? raw : refuse("base64");
}

/** Read a decimal number without leading zero, below 2^63. */
export function number(text) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) refuse("number");
  const value = BigInt(text);
  return value > LARGEST_NUMBER ? refuse("number") : value;
}

/** Return SHA-256 of several pieces, bytes or texts, as one. */
export async function sha256(...pieces) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", join(...pieces)));
}

/** Return HMAC-SHA-256 of several pieces as one. */
export async function hmac(key, ...pieces) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const held = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", held, join(...pieces)));
}
