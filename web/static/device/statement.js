// What an author signs (ledger document, 4.2 to 4.4), made on their own device.

import { b64u, join, sha256, unb64, unb64u, utf8 } from "../verify/bytes.js";
import { digest, keyCommitment } from "../verify/entry.js";
import { canonical } from "../verify/json.js";
import { keyId } from "../verify/keys.js";
import { chainOf, deviceKey, keepChain, signedBy } from "./store.js";

const NONCE = 16;
const CASE_KEY = 32;
const LONGEST_VALUE = 4096;
const PATIENCE = 2000;

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const map = (given) => new Map(Object.entries(given));

/** This device knows another key of the case than the node names. */
export class OtherKey extends Error {}

/** Return what is sent beside the words: S, P, all D, and the key of a new case. */
export async function signed(asked, fields, passkey) {
  const cited = await newestSeen(asked.log).catch(() => null);
  const { chain, held, begins } = await heldOf(asked);
  if (cited) held.notes = [...(held.notes ?? []), cited.note];
  const d = await Promise.all(Object.entries(fields).map(disclosed));
  const s = canonical(
    map({
      t: "folkmoot.statement/1",
      log: asked.log,
      case: chain,
      kc: asked.kc ?? held.kc,
      kind: asked.kind,
      fields: (await Promise.all(d.map(digest))).sort(),
      re: asked.re ?? null,
      seen: cited && map(cited.seen),
      ts: Date.now(),
      nonce: b64u(random(NONCE)),
    }),
  );
  const message = join("folkmoot/statement/v1\0", s);
  const way = passkey ? byPasskey : byDevice;
  const p = await proof(await way(message, asked, asked.owner ?? chain));
  await keepChain(chain, held);
  const sent = { s: b64u(s), p: b64u(p), d: d.join(" ") };
  return begins ? { ...sent, case_key: b64u(held.key) } : sent;
}

// What is kept of the case; a new one gets its key here, and nowhere else.
async function heldOf(asked) {
  if (!asked.chain) {
    const key = random(CASE_KEY);
    const held = { key, kc: b64u(await keyCommitment(key)) };
    return { chain: b64u(random(NONCE)), held, begins: true };
  }
  const held = (await chainOf(asked.chain)) ?? { kc: asked.kc };
  if (held.kc !== asked.kc) throw new OtherKey();
  return { chain: asked.chain, held, begins: false };
}

async function disclosed([name, text]) {
  return b64u(canonical([b64u(random(NONCE)), name, await short(text)]));
}

// A longer text stands beside the entry, and its length and hash in it.
async function short(text) {
  const raw = utf8(text);
  if (Math.max(raw.length, canonical(text, Infinity).length) <= LONGEST_VALUE) return text;
  const type = "text/plain; charset=utf-8";
  return map({ len: raw.length, sha256: b64u(await sha256(raw)), type });
}

// The newest state of the log that somebody else has signed, and the note that says so.
async function newestSeen(log) {
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch("/ledger/checkpoint", { credentials: "omit", signal });
  const note = await answer.text();
  const [origin, size, root] = note.split("\n");
  const lines = note.split("\n\u2014 ").length - 1;
  if (!answer.ok || origin !== log || lines < 2) return null;
  return { note, seen: { root: b64u(unb64(root)), size: Number(size) } };
}

async function byDevice(message, _asked, owner) {
  const key = await deviceKey(owner);
  return { alg: key.alg, pub: key.pub, sig: await signedBy(key, message) };
}

async function byPasskey(message, { passkeys, rp }) {
  const publicKey = {
    challenge: await sha256(message),
    rpId: rp,
    userVerification: "required",
    allowCredentials: passkeys.map(({ id }) => ({ type: "public-key", id: unb64u(id) })),
  };
  const made = await navigator.credentials.get({ publicKey });
  const name = b64u(new Uint8Array(made.rawId));
  const pub = unb64u(passkeys.find(({ id }) => id === name).pub);
  const { authenticatorData, clientDataJSON, signature } = made.response;
  return {
    alg: pub.length === 32 ? "webauthn-ed25519" : "webauthn-es256",
    pub,
    sig: new Uint8Array(signature),
    auth: b64u(new Uint8Array(authenticatorData)),
    client: b64u(new Uint8Array(clientDataJSON)),
    rp,
  };
}

async function proof({ alg, pub, sig, ...more }) {
  const key = await keyId(pub);
  return canonical(map({ t: "folkmoot.proof/1", alg, key, pub: b64u(pub), sig: b64u(sig), ...more }));
}
