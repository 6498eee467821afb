// Keys and signatures. WebCrypto checks them; this file only hands them over.

import { Invalid, b64, b64u, hex, join, refuse, same, sha256, unb64, unlatin1, unutf8 } from "./bytes.js";

export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;
/** No browser checks ML-DSA yet; where it would be needed, that is said. */
export const ML_DSA = 0x06;

const SIZES = { [ED25519]: 32, [COSIGNATURE]: 32, [ML_DSA]: 1312 };
const P256 = 65;
const CURVE = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** What Python calls a space: C0 separators, NEL and Zs, but no byte order mark. */
const NOT_IN_NAME = /[+\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Refuse what cannot be a key's name. */
export function requireName(name) {
  if (!name || NOT_IN_NAME.test(name)) refuse("vkey");
}

/** Read `name+id+base64`, each byte one character; key material may have plus signs. */
export async function parseVkey(text) {
  const [written, id, ...coded] = text.split("+");
  const raw = unb64(coded.join("+"));
  if (!raw.length || !/^[0-9a-f]{8}$/.test(id)) refuse("vkey");
  const name = unutf8(unlatin1(written), "vkey");
  requireName(name);
  const [type, key] = [raw[0], raw.slice(1)];
  if (SIZES[type] !== key.length) refuse("vkey");
  const found = (await sha256(name, "\n", raw)).slice(0, 4);
  if (hex(found) !== id) refuse("vkey");
  return { name, type, key, id: found, text: `${name}+${id}+${b64(raw)}` };
}

async function imported(pub, how, code) {
  try {
    return await crypto.subtle.importKey("raw", pub, how, false, ["verify"]);
  } catch (error) {
    throw new Invalid(error.name === "NotSupportedError" ? "unsupported" : code);
  }
}

/** Say whether this is the Ed25519 key's signature; a broken key has none. */
export async function ed25519(pub, sig, message) {
  try {
    const key = await imported(pub, "Ed25519", "key");
    return await crypto.subtle.verify("Ed25519", key, sig, message);
  } catch (error) {
    if (error.code === "key") return false;
    throw error;
  }
}

/** Say whether this browser can check the signatures of a log at all. */
export async function canVerify() {
  if (!globalThis.crypto?.subtle) return false; // not on a page without TLS
  try {
    await imported(new Uint8Array(SIZES[ED25519]), "Ed25519", "key");
  } catch (error) {
    return error.code === "key";
  }
  return true;
}

/** Say whether this is the P-256 key's signature, as r and s of 32 bytes each. */
export async function es256(pub, sig, message) {
  if (sig.length !== 64) return false;
  if (pub.length !== P256 || pub[0] !== 4) refuse("key-weak");
  const key = await imported(pub, CURVE, "key-weak");
  return crypto.subtle.verify(CURVE, key, sig, message);
}

/** Say whether this is the P-256 key's signature, in DER. */
export async function es256Der(pub, sig, message) {
  const plain = fromDer(sig);
  // A key that is none is refused as such, whatever it is said to have signed.
  return (await es256(pub, plain ?? new Uint8Array(64), message)) && plain !== null;
}

function fromDer(sig) {
  const r = integer(sig, 2);
  const s = r && integer(sig, 4 + sig[3]);
  const whole = s && sig[0] === 0x30 && sig[1] === sig.length - 2;
  if (!whole || 6 + sig[3] + sig[5 + sig[3]] !== sig.length) return null;
  return join(r, s);
}

// A positive number in its shortest form, as 32 bytes; anything else is null.
function integer(sig, at) {
  const length = sig[at + 1];
  const value = sig.slice(at + 2, at + 2 + length);
  const padded = value[0] === 0 && value.length > 1;
  if (sig[at] !== 0x02 || !length || value.length !== length || value[0] > 0x7f) return null;
  if (padded && value[1] < 0x80) return null;
  const digits = padded ? value.slice(1) : value;
  return digits.length > 32 ? null : join(new Uint8Array(32 - digits.length), digits);
}

/** Return the short name of an author's key. */
export async function keyId(pub) {
  return b64u((await sha256("folkmoot/key/v1\0", pub)).slice(0, 16));
}

/** Say whether two keys are one. */
export const sameKey = (one, other) => same(one.key, other.key);
