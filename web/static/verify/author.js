// The author's proof P: which key stands behind a statement, and in which way.

import { b64u, join, refuse, same, sha256, utf8 } from "./bytes.js";
import { Shape, decode } from "./json.js";
import { ed25519, es256, es256Der, keyId } from "./keys.js";

const CHANNELS = ["email", "phone", "sms", "paper", "in_person", "web", "api", "social"];
const EVIDENCE = 32;
const LEAST_AUTH = 37;
const PRESENT_AND_VERIFIED = 0x01 | 0x04;

const readPasskey = (shape) => ({
  auth: shape.raw("auth"),
  client: shape.raw("client"),
  rp: shape.text("rp"),
});

function readAttested(shape) {
  const channel = shape.text("channel");
  if (!CHANNELS.includes(channel)) refuse(shape.code);
  return { channel, evidence: shape.raw("evidence", EVIDENCE) };
}

const COMMON = ["t", "alg", "key", "pub", "sig"];
const PLAIN = { members: [], read: () => ({}) };
const PASSKEY = { members: ["auth", "client", "rp"], read: readPasskey };
const ATTESTED = { members: ["channel", "evidence"], read: readAttested };

/** Every way to sign. */
const WAYS = new Map([
  ["ed25519", { ...PLAIN, holds: ed25519 }],
  ["es256", { ...PLAIN, holds: es256 }],
  ["webauthn-es256", { ...PASSKEY, holds: es256Der }],
  ["webauthn-ed25519", { ...PASSKEY, holds: ed25519 }],
  ["node-attested", { ...ATTESTED, holds: ed25519 }],
]);

/** Read the exact bytes of a proof, without checking any signature. */
export async function readAuthor(p) {
  const shape = Shape.parse(p, "proof-malformed");
  const alg = shape.text("alg");
  const way = WAYS.get(alg) ?? refuse(shape.code);
  shape.require("folkmoot.proof/1", [...COMMON, ...way.members]);
  const pub = shape.raw("pub");
  if (shape.text("key") !== (await keyId(pub))) refuse("key-mismatch");
  return { alg, pub, key: shape.text("key"), sig: shape.raw("sig"), ...way.read(shape) };
}

/** Raise unless the proof's signature holds; passkeys count for the hosts in `rp` only. */
export async function checkAuthor(s, proof, rp) {
  const message = join("folkmoot/statement/v1\0", s);
  let signed = message;
  if (proof.client) signed = await ceremony(message, proof, rp);
  if (proof.channel) {
    signed = join("folkmoot/attest/v1\0", proof.channel, "\0", proof.evidence, s);
  }
  const holds = await WAYS.get(proof.alg).holds(proof.pub, proof.sig, signed);
  if (!holds) refuse("statement-unsigned");
}

// What the passkey signed, if it was asked for this message on our site.
// WebAuthn Level 3, 7.2, reduced to what a signature over a statement needs.
async function ceremony(message, proof, rp) {
  const asked = decode(proof.client);
  const told = (name) => (asked instanceof Map ? asked.get(name) : null);
  const fitting =
    told("type") === "webauthn.get" &&
    told("challenge") === b64u(await sha256(message)) &&
    told("origin") === `https://${proof.rp}` &&
    rp.has(proof.rp) &&
    proof.auth.length >= LEAST_AUTH &&
    same(proof.auth.slice(0, 32), await sha256(utf8(proof.rp))) &&
    (proof.auth[32] & PRESENT_AND_VERIFIED) === PRESENT_AND_VERIFIED;
  return fitting ? join(proof.auth, await sha256(proof.client)) : refuse("passkey");
}

/** Return what an attestation holds of its evidence, which stays private. */
export const evidenceOf = (salt, facts) => sha256("folkmoot/evidence/v1\0", salt, facts);
