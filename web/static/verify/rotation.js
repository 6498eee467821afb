// How a log changes its key, and how one pinned key leads to the next: `ledger/rotation`.

import { HASH, Invalid, join, latin1, refuse, utf8 } from "./bytes.js";
import { isStrong } from "./curve.js";
import { readLeaf } from "./entry.js";
import { Shape, canonical } from "./json.js";
import { ED25519, ML_DSA, ed25519, parseVkey } from "./keys.js";

/** More changes of a key than these are followed by nobody. */
export const MOST_CHANGES = 64;
const ROTATION = "rotation";
const SAYING = ["genesis", "key.rotate", "key.revoke"];
const IN_CHANGE = ["old", "new", "overlap_until", "sig_new"];

/** Return a clear leaf that says something about the log's keys, or null. */
export function readChange(leaf) {
  if (leaf[0] !== 0) return null;
  try {
    const { clear } = readLeaf(leaf);
    return SAYING.includes(clear.kind) ? clear : null;
  } catch (error) {
    if (error instanceof Invalid) return null;
    throw error;
  }
}

function recoveryOf(genesis) {
  const shape = genesis.inner("recovery");
  const keys = shape.texts("keys").map((text) => shape.decoded(text, HASH));
  return { m: shape.number("m"), keys };
}

/** Read a verifier key that stands in JSON, one code for whatever is wrong with it. */
export async function vkeyOf(text, code) {
  try {
    return await parseVkey(latin1(utf8(text)));
  } catch (error) {
    throw code && error instanceof Invalid ? new Invalid(code) : error;
  }
}

async function changeOf(shape, { log, kind }) {
  const own = kind === "key.rotate" ? "sig_old" : "signatures";
  const named = [...IN_CHANGE, own].every((name) => shape.given.has(name));
  if (!named || shape.given.size !== IN_CHANGE.length + 1) refuse(ROTATION);
  const [older, newer] = [
    await vkeyOf(shape.text("old"), ROTATION), await vkeyOf(shape.text("new"), ROTATION),
  ];
  if (newer.type === ED25519 && !isStrong(newer.key)) refuse(ROTATION);
  const whose = older.name === log && newer.name === log;
  if (!whose || ![ED25519, ML_DSA].includes(newer.type)) refuse(ROTATION);
  const said = new Map([
    ["log", log], ["old", older.text], ["new", newer.text],
    ["overlap_until", shape.number("overlap_until")],
  ]);
  return { older, newer, said: canonical(said) };
}

async function requireSigned(vkey, sig, message) {
  if (vkey.type !== ED25519) refuse("unsupported");
  if (!(await ed25519(vkey.key, sig, message))) refuse(ROTATION);
}

async function requireRotation(shape, { older, newer, said }) {
  const message = join("folkmoot/rotate/v1\0", said);
  await requireSigned(older, shape.raw("sig_old"), message);
  await requireSigned(newer, shape.raw("sig_new"), message);
}

async function requireRevocation(shape, { newer, said }, recovery) {
  const message = join("folkmoot/revoke/v1\0", said);
  await requireSigned(newer, shape.raw("sig_new"), message);
  const known = new Set(recovery?.keys.map(latin1));
  const signers = new Set();
  for (const one of shape.objects("signatures")) {
    const key = one.raw("key", HASH);
    const holds = await ed25519(key, one.raw("sig"), message);
    if (!known.has(latin1(key)) || !holds) refuse(ROTATION);
    signers.add(latin1(key));
  }
  // A log that named no recovery keys cannot revoke; nobody's word is not enough.
  if (!signers.size || signers.size < recovery.m) refuse(ROTATION);
}

/** Return the keys that a pinned one leads to, itself included unless revoked. */
async function walk(pin, leaves) {
  const keys = [pin];
  let recovery = null;
  for (const found of leaves.map(readChange)) {
    if (found?.log !== pin.name) continue;
    const shape = new Shape(found.body, ROTATION);
    if (found.kind === "genesis") {
      recovery ??= recoveryOf(shape);
      continue;
    }
    const old = shape.text("old");
    const place = keys.findIndex((key) => key.text === old);
    if (place < 0) continue; // it was made before this pin, or by a key that is gone
    const change = await changeOf(shape, found);
    if (found.kind === "key.rotate") {
      await requireRotation(shape, change);
    } else {
      await requireRevocation(shape, change, recovery);
      keys.splice(place);
    }
    keys.push(change.newer);
    if (keys.length > MOST_CHANGES) refuse(ROTATION);
  }
  return keys;
}

/** Return all keys of a log that these pinned ones lead to. */
export async function reached(pins, origin, leaves) {
  const own = pins.filter((pin) => pin.name === origin);
  return (await Promise.all(own.map((pin) => walk(pin, leaves)))).flat();
}
