// What the log commits to: statements, entries, shown fields, and the two leaves.

import { HASH, b64u, hmac, join, refuse, sha256, u64, unb64u } from "./bytes.js";
import { Shape, canonical, loads } from "./json.js";

const CHAIN = 16;
const NONCE = 16;
const SALT = 16;
const TAG = 16;
const MOST_FIELDS = 64;
const LONGEST_VALUE = 4096;

const EVERYWHERE = ["t", "log", "case", "kc", "kind"];
const IN_STATEMENT = [...EVERYWHERE, "fields", "re", "seen", "ts", "nonce"];
const IN_ENTRY = [...EVERYWHERE, "seq", "prev", "at", "role", "stmt", "proof", "key"];
const IN_CLEAR = ["t", "log", "seq", "prev", "at", "kind", "body", "payload", "stmt", "proof"];
const ROLES = ["member", "guest", "advocate", "coordinator", "steward", "node", "partner"];
const EVENT = /^gov\.[a-z_]+(\.[a-z_]+)?$/;

/** All kinds but `gov.` and the name of an event; the second list is of clear leaves. */
export const SEALED_KINDS = [
  "submission", "claim", "confirm", "ack", "pledge", "assign", "status", "escalate",
  "reply", "attach", "refer.out", "refer.in", "deliver", "consent.give",
  "consent.revoke", "withdraw", "close", "reopen", "member.open", "key.add",
  "key.revoke", "disclosure", "breakglass", "deed", "ballot.cast", "cipher.cast",
  "objection.raised", "objection.closed", "points.awarded", "points.annotated",
  "delivery.cleared", "duty.opened", "duty.closed", "terms.proffered",
  "terms.answered", "terms.tightened",
];
export const CLEAR_KINDS = [
  "key.revoke", "genesis", "key.rotate", "policy", "tombstone", "anchor", "stats",
  "epoch.end",
];

function kindOf(name) {
  const clear = CLEAR_KINDS.includes(name) || EVENT.test(name);
  return clear || SEALED_KINDS.includes(name) ? { clear } : refuse("kind-not-allowed");
}

function readSeen(shape) {
  if (shape.given.get("seen") === null) return null;
  const seen = shape.inner("seen");
  if (seen.given.size !== 2) refuse(shape.code);
  return { root: seen.raw("root", HASH), size: BigInt(seen.number("size")) };
}

/** Read the exact bytes of a statement. */
export function readStatement(raw) {
  const shape = Shape.parse(raw, "statement-malformed");
  shape.require("folkmoot.statement/1", IN_STATEMENT);
  kindOf(shape.text("kind"));
  const [chain, kc] = [shape.maybe("case", CHAIN), shape.maybe("kc", HASH)];
  if ((chain === null) !== (kc === null)) refuse(shape.code);
  const fields = shape.hashes("fields", HASH);
  if (fields.length > MOST_FIELDS) refuse(shape.code);
  shape.maybe("re", HASH);
  shape.raw("nonce", NONCE);
  const stated = { log: shape.text("log"), kind: shape.text("kind"), ts: shape.number("ts") };
  return { ...stated, chain, kc, fields: shape.given.get("fields"), seen: readSeen(shape) };
}

/** Read the exact bytes of an entry. */
export function readEntry(raw) {
  const shape = Shape.parse(raw, "entry-malformed");
  shape.require("folkmoot.entry/1", IN_ENTRY);
  kindOf(shape.text("kind"));
  shape.raw("key", CHAIN);
  const seq = shape.number("seq");
  if ((shape.maybe("prev", HASH) === null) !== (seq === 0)) refuse(shape.code);
  if (!ROLES.includes(shape.text("role"))) refuse(shape.code);
  return {
    log: shape.text("log"),
    chain: shape.raw("case", CHAIN),
    kc: shape.raw("kc", HASH),
    kind: shape.text("kind"),
    seq,
    prev: shape.maybe("prev", HASH),
    at: shape.number("at"),
    role: shape.text("role"),
    stmt: shape.raw("stmt", HASH),
    proof: shape.raw("proof", HASH),
    key: shape.text("key"),
  };
}

/** Return what a statement holds of a shown field. */
export const digest = async (disclosure) => b64u(await sha256(disclosure));

/** Open a field that is shown. */
export function readDisclosure(disclosure) {
  const shown = loads(unb64u(disclosure));
  const parts = Array.isArray(shown) ? shown : [];
  const [salt, name, value] = parts;
  const whole = parts.length === 3 && typeof salt === "string" && typeof name === "string";
  if (!whole || canonical(value).length > LONGEST_VALUE) refuse("disclosure-malformed");
  unb64u(salt, SALT);
  return [name, value];
}

/** Return the commitment C to the exact bytes of an entry. */
export const commit = (nonce, e) => sha256("folkmoot/entry/v1\0", nonce, e);

/** Return kc, which names a case key without giving it away. */
export const keyCommitment = (key) => sha256("folkmoot/casekey/v1\0", key);

/** Return the tag under which a chain's entry of this number stands in the log. */
export async function tagOf(key, seq) {
  return (await hmac(key, "folkmoot/tag/v1\0", u64(seq))).slice(0, TAG);
}

/** Return the data of the leaf that holds C as an entry of a chain. */
export async function sealedLeaf(key, seq, c) {
  return join(Uint8Array.of(1), await tagOf(key, seq), c);
}

/** Read the data of a leaf: `c` of a sealed one, or the members of a `clear` one. */
export function readLeaf(raw) {
  if (raw[0] === 0) return { clear: readClear(raw.slice(1)) };
  if (raw[0] !== 1 || raw.length !== 1 + TAG + HASH) refuse("leaf-malformed");
  return { tag: raw.slice(1, 1 + TAG), c: raw.slice(1 + TAG) };
}

function readClear(raw) {
  const shape = Shape.parse(raw, "leaf-malformed");
  shape.require("folkmoot.clear/1", IN_CLEAR);
  if (!kindOf(shape.text("kind")).clear) refuse("kind-not-allowed");
  const stmt = shape.maybe("stmt", HASH);
  if ((stmt === null) !== (shape.maybe("proof", HASH) === null)) refuse(shape.code);
  shape.maybe("prev", HASH);
  const body = shape.inner("body");
  const payload = shape.inner("payload");
  for (const name of payload.given.keys()) payload.raw(name, HASH);
  const [seq, at] = [shape.number("seq"), shape.number("at")];
  return { log: shape.text("log"), kind: shape.text("kind"), seq, at, stmt, body: body.given };
}
